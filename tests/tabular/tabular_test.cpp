#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "linnet/core/random.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/splitters/file.h"
#include "linnet/interpret/interpretation.h"
#include "linnet/metric/accuracy.h"
#include "linnet/tabular/importance.h"
#include "linnet/tabular/learner.h"
#include "linnet/tabular/loaders.h"
#include "linnet/train/learner_file.h"
#include "support/expect_error.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

// Learners of tables, from a file to a prediction, and what goes wrong on the way.
namespace linnet {
namespace {

using test::expect_error;

/** Who is old and no clerk is rich; `noise` says nothing. Some ages are missing. */
std::string people_csv(int64_t rows) {
  Generator random({7});
  std::string text = "age,job,noise,rich,pay\n";
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t age = random.integer(60) + 20;
    const bool clerk = random.bernoulli(0.5);
    const bool rich = age > 50 && !clerk;
    const auto shown_age = random.bernoulli(0.05) ? std::string() : std::to_string(age);
    text += fmt::format("{}, {},{:.3f},{},{}\n", shown_age, clerk ? "clerk" : "boss",
                        random.uniform(), rich ? "yes" : "no", age * (clerk ? 1 : 2));
  }
  return text;
}

Table table_of(std::string_view text) { return Table(CsvReader(text, {}, "people.csv")).typed(); }
Table people(int64_t rows = 600) { return table_of(people_csv(rows)); }

TabularLoaderOptions rich_options() {
  return {.cat_names = {"job"}, .cont_names = {"age", "noise"}, .y_names = "rich", .seed = 1};
}

class Tabular : public ::testing::Test {
 protected:
  Learner learner(const DataLoaders& dls, TabularLearnerOptions options = {}) {
    options.reporter = &reporter_;
    return tabular_learner(dls, options);
  }
  test::RecordingReporter reporter_;
};

TEST_F(Tabular, LearnsClassesAndPredictsFromASavedFile) {
  const auto dls = TabularDataLoaders::from_table(people(), rich_options());
  Learner learn = learner(dls, {.layers = {20}, .metrics = {metrics::accuracy}});
  learn.fit_one_cycle(8, {.lr_max = 1e-2});
  const auto [loss, metrics] = learn.validate();
  EXPECT_GT(metrics.at(0).second, 0.9);

  const test::TempDir folder;
  learn.export_to(folder / "m.safetensors");
  const Learner loaded = load_learner(folder / "m.safetensors", {.reporter = &reporter_});
  const NamedCells boss = {{"age", 70}, {"job", "boss"}, {"noise", 0.5}};
  const auto [label, index, probs] = predict_row(loaded, boss);
  EXPECT_EQ(label, Label("yes"));
  EXPECT_EQ(index, 1);
  EXPECT_TRUE(torch::equal(probs, predict_row(learn, boss).probs));
  // Texts, as a form or a file gives them, are read as what the column is.
  const auto texts = predict_row(loaded, {{"age", "70"}, {"job", "boss"}, {"noise", "0.5"}});
  EXPECT_TRUE(torch::equal(texts.probs, probs));
  EXPECT_EQ(predict_row(loaded, {{"age", 70}, {"job", "clerk"}, {"noise", 0.5}}).label, "no");
}

TEST_F(Tabular, LearnsANumberWithinItsRange) {
  auto options = rich_options();
  options.y_names = "pay";
  const auto dls = TabularDataLoaders::from_table(people(), options);
  EXPECT_EQ(dls.pipeline().target()->name(), "regression");
  Learner learn = learner(dls, {.layers = {20}, .y_range = std::pair{0.0, 170.0}});
  learn.fit_one_cycle(8, {.lr_max = 1e-2});
  const double pay =
      predict_row(learn, {{"age", 70}, {"job", "boss"}, {"noise", 0.5}}).label.number();
  EXPECT_NEAR(pay, 140, 30);
  EXPECT_LT(learn.get_preds().preds.max().item<float>(), 170);

  // No answer is beyond the range, and there are people who earn more.
  Learner narrow = learner(dls, {.layers = {20}, .y_range = std::pair{0.0, 100.0}});
  narrow.fit_one_cycle(8, {.lr_max = 1e-2});
  const auto most = narrow.get_preds().preds.max().item<float>();
  EXPECT_GT(most, 90);
  EXPECT_LE(most, 100);
}

TEST_F(Tabular, TakesColumnsByPositionToo) {
  const Table table = people(60);
  const auto named = TabularDataLoaders::from_table(table, rich_options());
  const auto placed = TabularDataLoaders::from_table(
      table, {.cat_names = 1, .cont_names = {0, "noise"}, .y_names = 3, .seed = 1});
  EXPECT_EQ(placed.about, named.about);
  expect_error<DataError>([&] { TabularDataLoaders::from_table(table, {.y_names = 5}); },
                          {"people.csv", "got column 5, expected 0 to 4"});
}

TEST_F(Tabular, RefusesARangeThatCannotBe) {
  auto options = rich_options();
  options.y_names = "pay";
  const auto numbers = TabularDataLoaders::from_table(people(40), options);
  const double infinite = std::numeric_limits<double>::infinity();
  for (const auto& range : {std::pair{170.0, 0.0}, {1.0, 1.0}, {0.0, std::nan("")}}) {
    expect_error<UsageError>([&] { learner(numbers, {.y_range = range}); },
                             {"y_range: got", "expected the lower number first"});
  }
  expect_error<UsageError>(
      [&] {
        learner(numbers, {.y_range = std::pair{0.0, infinite}});
      },
      {"y_range: got 0 to inf, expected finite numbers"});
  const auto classes = TabularDataLoaders::from_table(people(40), rich_options());
  expect_error<UsageError>(
      [&] {
        learner(classes, {.y_range = std::pair{0.0, 1.0}});
      },
      {"[tabular_learner] y_range is for numbers: these targets are classes"});
}

TEST_F(Tabular, DoesNotGoOnWithOtherCategories) {
  const auto dls = TabularDataLoaders::from_table(people(), rich_options());
  Learner learn = learner(dls, {.layers = {8}});
  learn.set_dls(TabularDataLoaders::from_table(people(), rich_options()));
  std::string text = people_csv(600);
  for (auto at = text.find("boss"); at != std::string::npos; at = text.find("boss", at)) {
    text.replace(at, 4, "chef");  // whose code a boss had
  }
  const auto others = TabularDataLoaders::from_table(table_of(text), rich_options());
  expect_error<UsageError>([&] { learn.set_dls(others); },
                           {"[Learner::set_dls] input 1", "row_categories"});
}

TEST_F(Tabular, GuessesTheColumnsThatAreNotGiven) {
  const auto dls = TabularDataLoaders::from_table(people(), {.y_names = "rich", .seed = 1});
  std::vector<std::string> cats, conts;
  for (const auto& column : row_categories(dls.pipeline()).columns()) cats.push_back(column.name);
  for (const auto& column : row_numbers(dls.pipeline()).columns()) conts.push_back(column.name);
  EXPECT_EQ(cats, (std::vector<std::string>{"job", "age_na"}));
  EXPECT_EQ(conts, (std::vector<std::string>{"age", "noise", "pay"}));
}

TEST_F(Tabular, PredictsTheRowsOfAnotherTable) {
  const auto dls = TabularDataLoaders::from_table(people(), rich_options());
  Learner learn = learner(dls, {.layers = {8}});
  // Other columns in another order; a category that training did not have; a missing age.
  const Table rows = table_of("rich,extra,noise,age,job\nyes,1,0.5,70,boss\nno,2,0.1,,pirate\n");
  const auto all = learn.get_preds(*tabular_test_dl(learn.dls(), rows, {.with_labels = true}));
  ASSERT_EQ(all.preds.sizes(), (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(all.targets[0].item<int64_t>(), 1);
  const auto one = predict_row(learn, {{"age", 70}, {"job", "boss"}, {"noise", 0.5}});
  EXPECT_TRUE(torch::allclose(all.preds[0], one.probs, 1e-5, 1e-6));
  const auto second = row_source(dls.pipeline(), rows, 1);
  EXPECT_EQ(row_categories(dls.pipeline()).unknown_in(second), std::vector<std::string>{"job"});
}

TEST_F(Tabular, ReadsTargetsThatComeAsTextsAsTheyWereInTraining) {
  for (const auto& [no, yes] : {std::pair("0", "1"), std::pair("False", "True")}) {
    std::string text = "age,on\n";
    for (int i = 0; i < 20; ++i) text += fmt::format("{},{}\n", i, i % 2 == 0 ? no : yes);
    const auto dls = TabularDataLoaders::from_table(
        table_of(text),
        {.cont_names = {"age"}, .y_names = "on", .y_block = CategoryBlock(), .seed = 1});
    const auto targets = [&](const std::string& rows) {
      const Table texts =
          Table(CsvReader("on,age\n" + rows, {}, "new.csv")).typed({.all_text = true});
      return tabular_test_dl(dls, texts, {.with_labels = true})->stream(0)->next()->y.at(0).data;
    };
    const auto got = targets(fmt::format("{},3\n{},4\n", yes, no));
    EXPECT_EQ(got[0].item<int64_t>(), 1);
    EXPECT_EQ(got[1].item<int64_t>(), 0);
    expect_error<DataError>([&] { targets(fmt::format("{},3\nmaybe,4\n", yes)); },
                            {"new.csv", "row 3", "column 'on', the target: got 'maybe'"});
  }
}

TEST_F(Tabular, HoldsOutTheRowsThatItIsTold) {
  auto options = rich_options();
  options.valid_idx = std::vector<int64_t>{5, 3};
  const auto dls = TabularDataLoaders::from_table(people(100), options);
  EXPECT_EQ(dls.valid_ds().size(), 2);
  EXPECT_EQ(dls.train_ds().size(), 98);
  options.splitter = [](const Items&) { return SplitIndices{.train = {0}, .valid = {1}}; };
  expect_error<UsageError>([&] { TabularDataLoaders::from_table(people(10), options); },
                           {"valid_idx and a splitter"});
}

TEST_F(Tabular, KeepsWhichRowEachPredictionIsOf) {
  auto options = rich_options();
  options.valid_idx = std::vector<int64_t>{5, 3};
  const auto dls = TabularDataLoaders::from_table(people(100), options);
  const Learner learn = learner(dls, {.layers = {4}});
  const auto interp = Interpretation::from_learner(learn);
  ASSERT_EQ(interp.items().size(), 2);
  EXPECT_EQ(interp.items().item(1).name(), "people.csv, row 5") << "its line in the file";
  EXPECT_EQ(interp.items().item(1).position(), 3);
}

TEST_F(Tabular, SaysARowsFaultOnceWithItsLine) {
  auto options = rich_options();
  options.valid_idx = std::vector<int64_t>{1};
  const Table holed = table_of("age,job,noise,rich\n20,boss,1,no\n,clerk,2,yes\n50,boss,3,yes\n");
  expect_error<DataError>([&] { TabularDataLoaders::from_table(holed, options); },
                          {"[DataBlock] people.csv, row 3: nan values in `age`"});
}

TEST_F(Tabular, SavesItsSplitByTheRowsPositions) {
  const test::TempDir folder;
  const auto dls = TabularDataLoaders::from_table(people(200), rich_options());
  dls.save_split(folder / "split.csv");
  auto again = rich_options();
  again.seed = 2;
  again.splitter = file_splitter(folder / "split.csv");
  const auto same = TabularDataLoaders::from_table(people(200), again);
  EXPECT_EQ(same.about.at("split_hash"), dls.about.at("split_hash"));
  EXPECT_EQ(same.split().valid, dls.split().valid);
}

TEST_F(Tabular, HoldsBackATestSet) {
  auto options = rich_options();
  options.test_pct = 0.1;
  const auto dls = TabularDataLoaders::from_table(people(100), options);
  EXPECT_EQ(dls.test_items(), 10);
  EXPECT_EQ(dls.train_ds().size(), 72);
}

TEST_F(Tabular, DrawsNoTestSetFromUnderASplitByPositions) {
  auto options = rich_options();
  options.test_pct = 0.1;
  options.valid_idx = std::vector<int64_t>{5, 3};
  expect_error<UsageError>([&] { TabularDataLoaders::from_table(people(100), options); },
                           {"test_pct draws", "a split by index is not for"});
  options.valid_idx = std::nullopt;
  options.test_pct = 0.001;
  expect_error<DataError>([&] { TabularDataLoaders::from_table(people(100), options); },
                          {"people.csv", "a test set of 0.001 of 100 items has none in it"});
}

TEST_F(Tabular, TellsWhichColumnsAModelNeeds) {
  const auto dls = TabularDataLoaders::from_table(people(), rich_options());
  Learner learn = learner(dls, {.layers = {20}, .metrics = {metrics::accuracy}});
  learn.fit_one_cycle(8, {.lr_max = 1e-2});
  const auto all = permutation_importance(learn);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all.back().name, "noise");
  EXPECT_GT(all.front().loss, 0.1);
  EXPECT_LT(all.front().metrics.at(0), -0.05);  // accuracy falls
  EXPECT_LT(std::abs(all.back().loss), 0.05);
  const auto again = permutation_importance(learn);
  EXPECT_EQ(again[0].loss, all[0].loss);
  expect_error<UsageError>([&] { permutation_importance(learn, {.repeats = 0}); },
                           {"repeats: got 0"});
}

TEST_F(Tabular, RefusesColumnsThatCannotBe) {
  const auto fails = [](auto change, std::initializer_list<std::string_view> parts) {
    auto options = rich_options();
    change(options);
    expect_error<DataError>([&] { TabularDataLoaders::from_table(people(), options); }, parts);
  };
  fails([](auto& options) { options.cat_names = {"jobs"}; },
        {"people.csv", "unknown column 'jobs'", "job"});
  fails([](auto& options) { options.y_names = "riches"; }, {"unknown column 'riches'"});
  fails([](auto& options) { options.cat_names = {}, options.cont_names = {"job"}; },
        {"people.csv", "column 'job'", "expected a number"});
  fails(
      [](auto& options) {
        options.procs = {procs::Categorify(), procs::Normalize()};
      },
      {"people.csv", "column 'age' has no number in", "FillMissing"});
  fails([](auto& options) { options.valid_pct = 0.0001; }, {"validation set is empty"});
}

TEST_F(Tabular, RefusesOptionsThatCannotBe) {
  const auto fails = [](auto change, std::initializer_list<std::string_view> parts) {
    auto options = rich_options();
    change(options);
    expect_error<UsageError>([&] { TabularDataLoaders::from_table(people(), options); }, parts);
  };
  fails([](auto& options) { options.y_names = {}; }, {"y_names"});
  fails(
      [](auto& options) {
        options.cat_names = {"job", "rich"};
      },
      {"'rich' is the target and among the inputs"});
  fails([](auto& options) { options.cat_names = {"job", "job"}; }, {"'job' comes twice"});
  fails([](auto& options) { options.procs = {procs::FillMissing()}; }, {"procs::Categorify()"});
  fails([](auto& options) { options.procs.emplace_back(procs::Normalize()); },
        {"Normalize comes twice"});
  fails([](auto& options) { options.valid_pct = 1.5; }, {"valid_pct: got 1.5"});
  fails(
      [](auto& options) {
        options.y_names = {"rich", "job"};
        options.cat_names = {};
      },
      {"not all numbers"});
}

TEST_F(Tabular, NamesTheLineOfATargetThatIsMissing) {
  for (const std::string cell : {"", "NaN"}) {
    const auto text = "age,pay\n30,1\n40,2\n50," + cell + "\n60,3\n";
    expect_error<DataError>(
        [&] {
          TabularDataLoaders::from_table(table_of(text), {.cont_names = {"age"}, .y_names = "pay"});
        },
        {"people.csv", "row 4", "column 'pay', the target, has no value"});
  }
}

TEST_F(Tabular, RefusesATargetOfOneClass) {
  expect_error<DataError>(
      [] {
        TabularDataLoaders::from_table(table_of("age,rich\n30,no\n40,no\n50,no\n60,no\n70,no\n"),
                                       {.cont_names = {"age"}, .y_names = "rich"});
      },
      {"all rows have one class, 'no'"});
}

TEST_F(Tabular, SaysWhatIsWrongWithANewRow) {
  const auto dls = TabularDataLoaders::from_table(people(), rich_options());
  const Learner learn = learner(dls, {.layers = {8}});
  expect_error<UsageError>(
      [&] {
        predict_row(learn, {{"agee", 70}});
      },
      {"unknown column 'agee'", "age"});
  expect_error<DataError>(
      [&] {
        predict_row(learn, {{"age", "old"}, {"job", "boss"}, {"noise", 1}});
      },
      {"column 'age': got 'old', expected a number"});
  // `noise` was never missing in training, `age` was.
  expect_error<DataError>(
      [&] {
        predict_row(learn, {{"job", "boss"}});
      },
      {"nan values in `noise` but not in setup training set"});
  expect_error<DataError>([&] { tabular_test_dl(learn.dls(), table_of("age,job\n1,boss\n")); },
                          {"people.csv", "unknown column 'noise'"});
  expect_error<DataError>(
      [&] { tabular_test_dl(learn.dls(), table_of("age,job,noise\n1,a,2\nx,b,3\n")); },
      {"people.csv", "row 3", "column 'age': got 'x'"});
  expect_error<UsageError>([&] { learn.predict(Value(Label("boss"))); },
                           {"got 1 sources for a model of 2 inputs", "predict_row"});
}

TEST_F(Tabular, RefusesModelsThatCannotBe) {
  const auto dls = TabularDataLoaders::from_table(people(), rich_options());
  expect_error<UsageError>(
      [&] {
        learner(dls, {.emb_szs = {{"jobs", 3}}});
      },
      {"unknown column 'jobs'"});
  expect_error<UsageError>([&] { learner(dls, {.layers = {0}}); }, {"width of a layer: got 0"});
  expect_error<UsageError>(
      [&] {
        learner(dls, {.config = {.ps = {0.1, 0.2, 0.3}}});
      },
      {"ps: got 3 dropouts, expected 1 or 2"});
}

}  // namespace
}  // namespace linnet
