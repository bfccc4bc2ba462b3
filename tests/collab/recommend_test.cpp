#include <torch/utils.h>

#include "linnet/collab/recommend.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

#include "linnet/collab/learner.h"
#include "linnet/collab/loaders.h"
#include "linnet/collab/read_out.h"
#include "linnet/core/error.h"
#include "linnet/train/learner_file.h"
#include "support/expect_error.h"
#include "support/recording_reporter.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::TempDir;

constexpr int64_t kUsers = 24;
constexpr int64_t kItems = 16;

/** Two tastes: even users like even films. What both like most is film 3; each has seen three
 * quarters of the films. User 99 rated once. */
std::vector<Rating> two_tastes() {
  std::vector<Rating> ratings;
  for (int64_t user = 1; user <= kUsers; ++user) {
    for (int64_t item = 1; item <= kItems; ++item) {
      if ((user + item / 2) % 4 == 0) continue;  // not seen yet
      const double taste = (user + item) % 2 == 0 ? 4.5 : 1.5;
      ratings.push_back({user, fmt::format("film {:02}", item), item == 3 ? 5 : taste});
    }
  }
  ratings.push_back({99, "film 05", 4});
  return ratings;
}

std::vector<std::string> texts_of(const std::vector<Recommendation>& recommendations) {
  std::vector<std::string> texts;
  for (const auto& recommendation : recommendations) texts.push_back(recommendation.item.text());
  return texts;
}

CollabDataLoaders data() {
  return CollabDataLoaders::from_ratings(two_tastes(), {.valid_pct = 0.1, .seed = 5, .bs = 16});
}

Learner untrained(CollabLearnerOptions options = {}) {
  options.y_range = {0, 5.5};
  options.reporter = &silent_reporter();
  return collab_learner(data(), options);
}

class Recommend : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    torch::manual_seed(1);
    CollabLearnerOptions options;
    options.n_factors = 6;
    trained.emplace(untrained(options));
    trained->fit_one_cycle(25, {.lr_max = 0.03, .wd = 0.02});
  }
  static void TearDownTestSuite() { trained.reset(); }
  static inline std::optional<Learner> trained;
};

TEST_F(Recommend, LearnsWhoLikesWhat) {
  EXPECT_LT(trained->validate().loss, 0.6);
  EXPECT_GT(predict_rating(*trained, 2, "film 04"), 3.5);
  EXPECT_LT(predict_rating(*trained, 2, "film 05"), 2.5);
  EXPECT_GT(predict_rating(*trained, 3, "film 05"), 3.5);
}

TEST_F(Recommend, PredictsPairsAtOnceAsOneByOne) {
  const std::vector<Label> users = {1, 2, 99, 1000};
  const std::vector<Label> items = {"film 01", "film 02", "film 05", "no such film"};
  const auto together = predict_ratings(*trained, users, items);
  ASSERT_EQ(together.sizes(), (std::vector<int64_t>{4}));
  for (size_t i = 0; i < users.size(); ++i) {
    EXPECT_NEAR(together[static_cast<int64_t>(i)].item<double>(),
                predict_rating(*trained, users[i], items[i]), 1e-6);
  }
  EXPECT_EQ(predict_ratings(*trained, {}, {}).numel(), 0);
  expect_error<UsageError>([&] { predict_ratings(*trained, {1}, {}); },
                           {"got 1 users and 0 items"});
}

TEST_F(Recommend, LeavesOutWhatTheUserHasRated) {
  const auto seen = seen_items(*trained, 2);
  std::set<std::string> rated;
  for (const Rating& rating : two_tastes()) {
    if (rating.user == Label(2)) rated.insert(rating.item.text());
  }
  std::set<std::string> kept;
  for (const Label& item : seen) kept.insert(item.text());
  EXPECT_EQ(kept, rated);
  const auto all = recommend(*trained, 2, {.n = 100});
  EXPECT_EQ(static_cast<int64_t>(all.size() + seen.size()), kItems);
  for (const auto& item : texts_of(all)) EXPECT_FALSE(rated.contains(item)) << item;
}

TEST_F(Recommend, BestComesFirst) {
  const auto best = recommend(*trained, 2, {.n = 3, .seen = std::vector<Label>{}});
  ASSERT_EQ(best.size(), 3U);
  for (size_t i = 1; i < best.size(); ++i) EXPECT_GE(best[i - 1].rating, best[i].rating);
  for (const auto& [item, rating] : best) {
    EXPECT_NEAR(rating, predict_rating(*trained, 2, item), 1e-6);
    const int64_t number = std::stoll(item.text().substr(5));
    EXPECT_TRUE(number % 2 == 0 || number == 3) << item.text();
  }
}

TEST_F(Recommend, LeavesOutWhatOneSaysWasSeen) {
  const auto best = recommend(*trained, 2, {.n = 1, .seen = std::vector<Label>{}})[0].item;
  const auto others =
      recommend(*trained, 2, {.n = 100, .seen = std::vector<Label>{best, "no such film"}});
  EXPECT_EQ(static_cast<int64_t>(others.size()), kItems - 1);
  for (const auto& item : texts_of(others)) EXPECT_NE(item, best.text());
}

TEST_F(Recommend, AnUnknownUserGetsWhatPleasesMost) {
  EXPECT_FALSE(is_known(*trained, 1000, Side::user));
  EXPECT_TRUE(seen_items(*trained, 1000).empty());
  const auto best = recommend(*trained, 1000, {.n = 100});
  EXPECT_EQ(static_cast<int64_t>(best.size()), kItems);
  EXPECT_EQ(best[0].item, Label("film 03"));
  EXPECT_EQ(texts_of(best), texts_of(recommend(*trained, "somebody", {.n = 100})));
}

/** Factors and biases that are the mean of all the others'. */
void expect_mean_at_na(const Learner& learn) {
  for (const auto& table : learn.network().module().parameters()) {
    const auto others = table.slice(0, 1);
    EXPECT_TRUE(table[0].allclose(others.mean(0), 1e-4, 1e-5));
  }
}

TEST_F(Recommend, WhoIsUnknownCountsAsTheAverage) {
  expect_mean_at_na(*trained);
  EXPECT_FALSE(is_known(*trained, "no such film"));
  double mean = 0;
  for (int64_t user = 1; user <= kUsers; ++user) mean += predict_rating(*trained, user, "film 05");
  mean /= static_cast<double>(kUsers);
  EXPECT_NEAR(predict_rating(*trained, 1000, "film 05"), mean, 0.6);
}

TEST_F(Recommend, AUserWithOneRatingIsAUserLikeOthers) {
  // Who has one rating is known when it is a training rating, and counts as #na# when it was held
  // out: no error either way.
  for (const uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    auto dls = CollabDataLoaders::from_ratings(two_tastes(), {.valid_pct = 0.5, .seed = seed});
    const auto held_out = dls.valid_ds().column(0);
    const bool is_held_out = std::any_of(held_out.begin(), held_out.end(), [](const Value& user) {
      return std::get<Label>(user) == Label(99);
    });
    CollabLearnerOptions options;
    options.reporter = &silent_reporter();
    const Learner learn = collab_learner(dls, options);
    EXPECT_EQ(is_known(learn, 99, Side::user), !is_held_out);
    EXPECT_EQ(recommend(learn, 99, {.n = 5}).size(), 5U);
    EXPECT_EQ(seen_items(learn, 99).size(), is_held_out ? 0U : 1U);
  }
}

TEST_F(Recommend, ASavedModelKnowsAllThatIsNeeded) {
  const TempDir dir;
  trained->export_to(dir / "model.safetensors");
  const Learner loaded = load_learner(dir / "model.safetensors", {.reporter = &silent_reporter()});
  EXPECT_FALSE(loaded.dls().has_data());
  EXPECT_EQ(classes(loaded, Side::item), classes(*trained, Side::item));
  for (const Label& user : {Label(2), Label(99), Label(1000)}) {
    EXPECT_EQ(seen_items(loaded, user), seen_items(*trained, user));
    const auto expected = recommend(*trained, user), actual = recommend(loaded, user);
    EXPECT_EQ(texts_of(actual), texts_of(expected));
    for (size_t i = 0; i < actual.size(); ++i) EXPECT_EQ(actual[i].rating, expected[i].rating);
  }
}

TEST_F(Recommend, PredictsFromManyThreads) {
  const auto expected = texts_of(recommend(*trained, 2));
  std::vector<std::thread> threads;
  std::vector<std::vector<std::string>> found(4);
  for (auto& result : found) {
    threads.emplace_back([&result] { result = texts_of(recommend(*trained, 2)); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : found) EXPECT_EQ(result, expected);
}

TEST_F(Recommend, AModelMayKeepToItselfWhoRatedWhat) {
  const Learner learn = untrained({.keep_seen = false});
  expect_error<UsageError>([&] { recommend(learn, 2); }, {"does not keep who rated what"});
  expect_error<UsageError>([&] { seen_items(learn, 2); }, {"does not keep who rated what"});
  EXPECT_EQ(recommend(learn, 2, {.seen = std::vector<Label>{"film 01"}}).size(), 10U);
}

TEST_F(Recommend, ReadsOutBiases) {
  const auto films = bias(*trained, {"film 03", "film 05", "film 06"});
  EXPECT_GT(films[0].item<float>(), films[1].item<float>());
  EXPECT_GT(films[0].item<float>(), films[2].item<float>());
  EXPECT_EQ(weight(*trained, {1, 2}, Side::user).sizes(), (std::vector<int64_t>{2, 6}));
  expect_error<DataError>([] { bias(*trained, {7777}, Side::user); },
                          {"[bias] user '7777' is not in the training data"});
}

TEST_F(Recommend, NearestAreThoseOfTheSameTaste) {
  const auto films = nearest(*trained, "film 06", {.n = 4});
  ASSERT_EQ(films.size(), 4U);
  for (size_t i = 0; i < films.size(); ++i) {
    EXPECT_EQ(std::stoll(films[i].label.text().substr(5)) % 2, 0) << films[i].label.text();
    if (i > 0) {
      EXPECT_GE(films[i - 1].similarity, films[i].similarity);
    }
    EXPECT_LE(films[i].similarity, 1 + 1e-6);
  }
  const auto users = nearest(*trained, 3, {.n = 5, .side = Side::user});
  for (const auto& [user, similarity] : users) {
    EXPECT_EQ(static_cast<int64_t>(user.number()) % 2, 1) << user.text();
  }
  EXPECT_EQ(static_cast<int64_t>(nearest(*trained, "film 06", {.n = 1000}).size()), kItems - 1);
  expect_error<DataError>([] { nearest(*trained, "film 77"); }, {"[nearest] item 'film 77'"});
  expect_error<UsageError>([] { nearest(*trained, "film 06", {.n = 0}); }, {"n: got 0"});
}

TEST_F(Recommend, TheNetworkLearnsTooButHasNoBiases) {
  const TempDir dir;
  torch::manual_seed(1);
  CollabLearnerOptions options;
  options.use_nn = true;
  options.layers = {24, 12};
  options.config.ps = {0.05};
  options.config.embed_p = 0.02;
  Learner learn = untrained(options);
  learn.fit_one_cycle(30, {.lr_max = 0.02});
  EXPECT_LT(learn.validate().loss, 0.8);
  expect_error<UsageError>([&] { bias(learn, {"film 03"}); }, {"[bias]", "use_nn"});
  EXPECT_EQ(weight(learn, {"film 03"}).size(0), 1);
  learn.export_to(dir / "model.safetensors");
  const Learner loaded = load_learner(dir / "model.safetensors", {.reporter = &silent_reporter()});
  EXPECT_EQ(texts_of(recommend(loaded, 2)), texts_of(recommend(learn, 2)));
}

TEST_F(Recommend, RefusesOptionsThatDoNotFit) {
  const auto with = [](auto change) {
    CollabLearnerOptions options;
    options.reporter = &silent_reporter();
    change(options);
    collab_learner(data(), options);
  };
  expect_error<UsageError>([&] { with([](auto& o) { o.n_factors = 0; }); },
                           {"[collab_learner]", "n_factors", "got 0"});
  expect_error<UsageError>([&] { with([](auto& o) { o.layers = {10}; }); }, {"use_nn"});
  expect_error<UsageError>([&] { with([](auto& o) {
                                   o.y_range = {5, 1};
                                 }); },
                           {"y_range", "got 5 to 1"});
  expect_error<UsageError>(
      [&] {
        with([](auto& o) {
          o.use_nn = true;
          o.layers = {10, 10, 10};
          o.config.ps = {0.1, 0.2};
        });
      },
      {"ps", "got 2", "1 or 3"});
  expect_error<UsageError>([] { recommend(*trained, 2, {.n = 0}); }, {"n: got 0"});
}

TEST_F(Recommend, WarnsOfRatingsThatTheModelCannotReach) {
  test::RecordingReporter reporter;
  collab_learner(data(), {.y_range = {{2, 5.5}}, .reporter = &reporter});
  ASSERT_EQ(reporter.warnings.size(), 1U);
  EXPECT_NE(reporter.warnings[0].find("from 2 to 5.5, but ratings from 1.5 to 5"),
            std::string::npos)
      << reporter.warnings[0];
}

TEST_F(Recommend, IsForLearnersOfRatingsOnly) {
  const Learner other = test::synth_learner();
  expect_error<UsageError>([&] { recommend(other, 2); }, {"[recommend]", "does not recommend"});
  expect_error<UsageError>([&] { bias(other, {2}); }, {"[bias]"});
}

}  // namespace
}  // namespace linnet
