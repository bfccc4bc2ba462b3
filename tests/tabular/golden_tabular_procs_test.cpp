#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "linnet/tabular/learner.h"
#include "linnet/tabular/rows.h"
#include "support/expect_error.h"
#include "support/golden.h"
#include "support/golden_table.h"

// Codes, numbers and what was learnt for them, against fastai's TabularPandas.
namespace linnet {
namespace {

using test::Golden;
using test::golden_procs_loaders;
using test::golden_table;
using test::golden_tensor;

/** All rows encoded by one block, training rows first. */
torch::Tensor encoded(const DataLoaders& dls, size_t block) {
  std::vector<torch::Tensor> rows;
  for (const Dataset* side : {&dls.train_ds(), &dls.valid_ds()}) {
    for (const Value& source : side->column(block)) {
      rows.push_back(std::get<torch::Tensor>(dls.pipeline().blocks()[block]->encode(source)));
    }
  }
  return torch::stack(rows);
}

std::string class_text(const Label& label, CellType type) {
  auto text = label.text();
  if (type == CellType::number && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string kind_name(CellType type) {
  switch (type) {
    case CellType::boolean:
      return "bool";
    case CellType::integer:
      return "int";
    case CellType::number:
      return "float";
    case CellType::text:
      break;
  }
  return "str";
}

void expect_classes(const DataLoaders& dls, const Json& expected) {
  const auto& columns = row_categories(dls.pipeline()).columns();
  ASSERT_EQ(columns.size(), expected.as_object().size());
  for (const CategoryColumn& column : columns) {
    const auto& classes = expected.at(column.name).as_array();
    ASSERT_EQ(column.size(), static_cast<int64_t>(classes.size())) << column.name;
    for (int64_t code = 0; code < column.size(); ++code) {
      const CellType type = code == 0 ? CellType::text : column.type;
      const auto pair = classes[static_cast<size_t>(code)].as_strings();
      EXPECT_EQ(kind_name(type), pair.at(0)) << column.name << ' ' << code;
      EXPECT_EQ(class_text(column.value(code), type), pair.at(1)) << column.name << ' ' << code;
    }
  }
}

class GoldenTabularProcs : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("tabular"); }

  void expect_conts(const torch::Tensor& actual, const Json& expected) const {
    test::expect_close(actual, golden_tensor(expected), golden_->abs("conts"),
                       golden_->rel("conts"), "conts");
  }

  /** The loaders that the case `fitted` of another case's inputs made. */
  TabularDataLoaders fitted(const Json& inputs) const {
    Json of_procs = golden_->named(inputs.at("fitted").as_string()).at("inputs");
    if (const Json* bs = inputs.find("bs")) of_procs["bs"] = *bs;
    return golden_procs_loaders(*golden_, of_procs);
  }

  void expect_learnt(const DataLoaders& dls, const Json& expected) const;
  void expect_targets(const DataLoaders& dls, const Json& expected) const;

  std::optional<Golden> golden_;
};

void GoldenTabularProcs::expect_learnt(const DataLoaders& dls, const Json& expected) const {
  std::vector<std::string> cat_names, cont_names;
  for (const auto& column : row_categories(dls.pipeline()).columns()) {
    cat_names.push_back(column.name);
  }
  size_t filled = 0;
  for (const NumberColumn& column : row_numbers(dls.pipeline()).columns()) {
    cont_names.push_back(column.name);
    test::expect_close(column.mean, expected.at("means").at(column.name).as_double(), 0,
                       golden_->rel("means_stds"), "mean of " + column.name);
    test::expect_close(column.std, expected.at("stds").at(column.name).as_double(), 0,
                       golden_->rel("means_stds"), "std of " + column.name);
    if (!column.fill) continue;
    ++filled;
    test::expect_close(*column.fill, expected.at("na_dict").at(column.name).as_double(), 0,
                       golden_->rel("medians"), "filling of " + column.name);
  }
  EXPECT_EQ(cat_names, expected.at("cat_names").as_strings());
  EXPECT_EQ(cont_names, expected.at("cont_names").as_strings());
  EXPECT_EQ(filled, expected.at("na_dict").as_object().size());
  expect_classes(dls, expected.at("classes"));
}

void GoldenTabularProcs::expect_targets(const DataLoaders& dls, const Json& expected) const {
  const Block& target = dls.pipeline().target();
  if (const Json* vocab = expected.find("y_vocab")) {
    std::vector<std::string> texts, wanted;
    for (const Label& label : target->vocab()) texts.push_back(label.text());
    for (const Json& pair : vocab->as_array()) wanted.push_back(pair.as_strings().at(1));
    EXPECT_EQ(texts, wanted);
  }
  std::vector<double> values;
  for (const Dataset* side : {&dls.train_ds(), &dls.valid_ds()}) {
    for (const Value& source : side->column(2)) {
      const Value encoded_target = target->encode(source);
      const auto* index = std::get_if<int64_t>(&encoded_target);
      values.push_back(index != nullptr ? static_cast<double>(*index)
                                        : std::get<torch::Tensor>(encoded_target).item<double>());
    }
  }
  const auto wanted = expected.at("ys").as_doubles();
  ASSERT_EQ(values.size(), wanted.size());
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(static_cast<float>(values[i]), static_cast<float>(wanted[i])) << i;
  }
}

TEST_F(GoldenTabularProcs, LearnAndEncodeAsFastai) {
  for (const Json* c : golden_->cases("procs_")) {
    SCOPED_TRACE(c->at("name").as_string());
    const Json& expected = c->at("expected");
    const auto dls = golden_procs_loaders(*golden_, c->at("inputs"));
    EXPECT_EQ(dls.train_ds().size(), expected.at("n_train").as_int());
    EXPECT_TRUE(torch::equal(encoded(dls, 0), golden_tensor(expected.at("cats"))));
    expect_conts(encoded(dls, 1), expected.at("conts"));
    expect_learnt(dls, expected);
    expect_targets(dls, expected);
  }
}

TEST_F(GoldenTabularProcs, CategoriesAlone) {
  for (const Json* c : golden_->cases("categorify_only")) {
    const auto dls = golden_procs_loaders(*golden_, c->at("inputs"));
    EXPECT_TRUE(torch::equal(encoded(dls, 0), golden_tensor(c->at("expected").at("cats"))));
    EXPECT_EQ(encoded(dls, 1).size(1), 0);
    expect_classes(dls, c->at("expected").at("classes"));
  }
}

TEST_F(GoldenTabularProcs, AreDoneInFastaisOrder) {
  for (const Json* c : golden_->cases("proc_order")) {
    Json inputs = Json::object();
    inputs["procs"] = c->at("inputs").at("given");
    const auto options = test::golden_procs_options(*golden_, inputs);
    std::vector<std::string> names, wanted;
    for (const Proc& proc : in_order(options.procs)) names.emplace_back(proc_name(proc));
    for (const Json& pair : c->at("expected").at("actual").as_array()) {
      const auto& name = pair.as_array().at(0).as_string();
      if (name != "Categorize") wanted.push_back(name);  // the target's own, here its block
    }
    EXPECT_EQ(names, wanted);
    const auto dls = golden_procs_loaders(*golden_, inputs);
    EXPECT_TRUE(torch::equal(encoded(dls, 0), golden_tensor(c->at("expected").at("cats"))));
  }
}

TEST_F(GoldenTabularProcs, TreatNewRowsAsValidationRows) {
  for (const Json* c : golden_->cases("test_dl")) {
    const auto dls = fitted(c->at("inputs"));
    const auto loader = tabular_test_dl(dls, golden_table(c->at("inputs").at("rows")));
    const auto batch = loader->stream(0)->next();
    ASSERT_TRUE(batch);
    EXPECT_TRUE(batch->y.empty());
    EXPECT_TRUE(torch::equal(batch->x[0].data, golden_tensor(c->at("expected").at("cats"))));
    expect_conts(batch->x[1].data, c->at("expected").at("conts"));
  }
}

TEST_F(GoldenTabularProcs, RefuseAMissingNumberThatTrainingNeverHad) {
  for (const Json* c : golden_->cases("test_nan_in_clean_column")) {
    const auto dls = fitted(c->at("inputs"));
    const auto& column = c->at("inputs").at("column").as_string();
    Table table = golden_table(golden_->file().at("columns"));
    auto holed = table[column].cells();
    holed[0] = Label("");
    table.set({column, table[column].type(), holed});
    test::expect_error<DataError>([&] { tabular_test_dl(dls, table); },
                                  {c->at("expected").at("message").as_string(), "row 1"});
  }
}

TEST_F(GoldenTabularProcs, GiveFastaisFirstValidationBatch) {
  for (const Json* c : golden_->cases("valid_batch")) {
    const Json& expected = c->at("expected");
    const auto dls = fitted(c->at("inputs"));
    const auto counts = expected.at("n_batches").as_ints();
    EXPECT_EQ(dls.train().batches(), counts.at(0));
    EXPECT_EQ(dls.valid().batches(), counts.at(1));
    const auto batch = dls.valid().stream(0)->next();
    ASSERT_TRUE(batch);
    EXPECT_TRUE(torch::equal(batch->x[0].data, golden_tensor(expected.at("cats"))));
    EXPECT_EQ(batch->x[1].data.scalar_type(), torch::kFloat);
    expect_conts(batch->x[1].data, expected.at("conts"));
    const auto target = golden_tensor(expected.at("y")).flatten();
    EXPECT_TRUE(torch::equal(batch->y[0].data.to(target.scalar_type()), target));
  }
}

TEST_F(GoldenTabularProcs, DecodeRows) {
  for (const Json* c : golden_->cases("decode")) {
    const auto dls = fitted(c->at("inputs"));
    const auto n_train = dls.train_ds().size();
    const auto table = decode_rows(dls.pipeline(), encoded(dls, 0).slice(0, n_train),
                                   encoded(dls, 1).slice(0, n_train));
    for (const auto& [name, cells] : c->at("expected").as_object()) {
      for (size_t row = 0; row < cells.as_array().size(); ++row) {
        const Json& wanted = cells.as_array()[row];
        const auto at = static_cast<int64_t>(row);
        if (name == "y") {
          const auto source = dls.valid_ds()[at].at(2);
          EXPECT_EQ(std::get<Label>(source).text(), Label::from_json(wanted).text());
        } else if (table[name].type() == CellType::number) {
          EXPECT_NEAR(table[name][at].number(), wanted.as_double(),
                      2e-5 * std::max(1.0, std::abs(wanted.as_double())));
        } else {
          EXPECT_EQ(table[name][at].text(), Label::from_json(wanted).text());
        }
      }
    }
  }
}

TEST_F(GoldenTabularProcs, SizeEmbeddings) {
  for (const Json* c : golden_->cases("get_emb_sz")) {
    const auto dls = fitted(c->at("inputs"));
    const auto sizes_in = [](const Json& json) {
      std::vector<std::pair<int64_t, int64_t>> sizes;
      for (const Json& pair : json.as_array()) {
        sizes.emplace_back(pair.as_ints().at(0), pair.as_ints().at(1));
      }
      return sizes;
    };
    EXPECT_EQ(get_emb_sz(dls), sizes_in(c->at("expected").at("sizes")));
    std::map<std::string, int64_t> given;
    for (const auto& [name, width] : c->at("inputs").at("override").as_object()) {
      given[name] = width.as_int();
    }
    EXPECT_EQ(get_emb_sz(dls, given), sizes_in(c->at("expected").at("with_override")));
  }
}

}  // namespace
}  // namespace linnet
