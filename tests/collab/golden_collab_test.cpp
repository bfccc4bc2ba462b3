#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

#include "linnet/collab.h"
#include "linnet/io/csv.h"
#include "linnet/io/weights.h"
#include "support/expect_error.h"
#include "support/golden.h"
#include "support/golden_fill.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_close;
using test::expect_error;
using test::Golden;
using test::golden_tensor;
using test::TempDir;

/** A cell as a program of the file's own kind writes it. */
std::string cell_of(const Json& value) {
  return value.is_string() ? value.as_string() : value.dump();
}

Label label_of(const Json& value) { return Label::from_json(value); }

std::vector<Label> labels_of(const Json& values) {
  std::vector<Label> labels;
  for (const Json& value : values.as_array()) labels.push_back(label_of(value));
  return labels;
}

/** ["int", "7"] or ["str", "#na#"], as the file keeps a vocabulary. */
std::vector<Label> vocab_of(const Json& classes) {
  std::vector<Label> vocab;
  for (const Json& entry : classes.as_array()) {
    const auto pair = entry.as_strings();
    if (pair.at(0) == "str") {
      vocab.emplace_back(pair.at(1));
    } else {
      vocab.emplace_back(std::stod(pair.at(1)));
    }
  }
  return vocab;
}

class GoldenCollab : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("collab"); }

  const Json& inputs() const { return golden_->named("from_df").at("inputs"); }
  const Json& expected() const { return golden_->named("from_df").at("expected"); }

  CollabLoaderOptions loader_options() const {
    CollabLoaderOptions options;
    options.valid_pct = inputs().at("valid_pct").as_double();
    options.seed = static_cast<uint64_t>(inputs().at("seed").as_int());
    options.bs = inputs().at("bs").as_int();
    options.reporter = &silent_reporter();
    return options;
  }

  /** The columns as a CSV file: user, item and rating are the first three. */
  CollabDataLoaders from_csv() const {
    const auto& columns = inputs().at("columns").as_object();
    std::vector<std::string> header;
    for (const auto& column : columns) header.push_back(column.first);
    std::string text = csv_line(header);
    for (size_t row = 0; row < columns[0].second.as_array().size(); ++row) {
      std::vector<std::string> cells;
      for (const auto& column : columns) cells.push_back(cell_of(column.second.as_array()[row]));
      text += csv_line(cells);
    }
    test::write_file(dir_ / "ratings.csv", text);
    return CollabDataLoaders::from_csv(dir_ / "ratings.csv", loader_options());
  }

  CollabDataLoaders from_ratings() const {
    const auto& columns = inputs().at("columns").as_object();
    std::vector<Rating> ratings;
    for (size_t row = 0; row < columns[0].second.as_array().size(); ++row) {
      ratings.push_back({label_of(columns[0].second.as_array()[row]),
                         label_of(columns[1].second.as_array()[row]),
                         columns[2].second.as_array()[row].as_double()});
    }
    return CollabDataLoaders::from_ratings(ratings, loader_options());
  }

  /** The recorded learner: as many factors as the weights read out have; its y_range stands in the
   * inputs or is the one that the book begins with. */
  Learner learner(const CollabDataLoaders& dls) const {
    CollabLearnerOptions options;
    options.n_factors = expected().at("item_weight").at("values").at("shape").as_ints().at(1);
    options.y_range = {0, 5.5};
    if (const Json* range = inputs().find("y_range")) {
      options.y_range = {range->as_doubles().at(0), range->as_doubles().at(1)};
    }
    options.reporter = &silent_reporter();
    Learner learn = collab_learner(dls, options);
    Json entries(Json::Array{});
    for (const auto& [name, tensor] : state_dict_of(learn.network().module())) {
      entries.push_back(Json(Json::Array{name, Json::array(tensor.sizes().vec())}));
    }
    const Json* gain = inputs().find("gain");
    test::golden_fill(learn.network().module(), entries, inputs().at("salt").as_int(),
                      gain != nullptr ? gain->as_double() : 1);
    return learn;
  }

  void expect(const torch::Tensor& actual, const Json& expected, const std::string& what) const {
    expect_close(actual, golden_tensor(expected), golden_->abs("out"), golden_->rel("out"), what);
  }

  void check_data(const CollabDataLoaders& dls) const;

  TempDir dir_;
  std::optional<Golden> golden_;
};

void GoldenCollab::check_data(const CollabDataLoaders& dls) const {
  size_t input = 0;
  for (const auto& [name, classes] : expected().at("classes").as_object()) {
    EXPECT_EQ(dls.pipeline().blocks().at(input++)->vocab(), vocab_of(classes)) << name;
  }
  const auto& ratings = inputs().at("columns").as_object()[2].second.as_array();
  const auto valid = expected().at("valid_idx").as_ints();
  ASSERT_EQ(dls.valid_ds().size(), static_cast<int64_t>(valid.size()));
  const auto stream = dls.valid().stream(0);
  std::vector<torch::Tensor> x, y;
  while (auto batch = stream->next()) {
    x.push_back(torch::stack({batch->x.at(0).data, batch->x.at(1).data}, 1));
    y.push_back(batch->y.at(0).data.reshape({-1, 1}));
  }
  EXPECT_TRUE(torch::cat(x).equal(golden_tensor(expected().at("valid_x"))));
  EXPECT_TRUE(torch::cat(y).equal(golden_tensor(expected().at("valid_y"))));
  for (size_t i = 0; i < valid.size(); ++i) {
    EXPECT_EQ(std::get<Label>(dls.valid_ds()[static_cast<int64_t>(i)].at(2)),
              Label(ratings[static_cast<size_t>(valid[i])].as_double()));
  }
}

TEST_F(GoldenCollab, ReadsATableAsFastaiReadsADataFrame) {
  check_data(from_csv());
  check_data(from_ratings());
}

TEST_F(GoldenCollab, PredictsAndReadsOutAsFastai) {
  Learner learn = learner(from_csv());
  expect(learn.get_preds().preds, expected().at("preds"), "preds");
  EXPECT_EQ(learn.opt().n_groups(), expected().at("n_groups").as_int());
  EXPECT_EQ(learn.loss().name(), "mse");
  const Json &items = expected().at("item_bias"), &factors = expected().at("item_weight"),
             &users = expected().at("user_bias");
  expect(bias(learn, labels_of(items.at("items"))), items.at("values"), "item bias");
  expect(weight(learn, labels_of(factors.at("items"))), factors.at("values"), "item weight");
  expect(bias(learn, labels_of(users.at("users")), Side::user), users.at("values"), "user bias");
}

TEST_F(GoldenCollab, RefusesToReadOutAnUnknownItem) {
  const Label item = label_of(golden_->named("unknown_item").at("inputs").at("item"));
  const Learner learn = learner(from_csv());
  expect_error<DataError>([&] { bias(learn, {item}); },
                          {"[bias] item '" + item.text() + "' is not in the training data"});
  expect_error<DataError>([&] { weight(learn, {item}); }, {"[weight]", item.text()});
}

TEST_F(GoldenCollab, NetworkForTheSameDataHasFastaisShapes) {
  const Json& c = golden_->named("learner_nn");
  CollabLearnerOptions options;
  options.use_nn = true;
  options.layers = c.at("inputs").at("layers").as_ints();
  options.y_range = {0, 5.5};
  options.reporter = &silent_reporter();
  const Learner learn = collab_learner(from_csv(), options);
  const StateDict tensors = state_dict_of(learn.network().module());
  const auto entries = test::golden_entries(c.at("expected").at("entries"));
  EXPECT_EQ(tensors.size(), static_cast<int64_t>(entries.size()));
  for (const auto& entry : entries) {
    const torch::Tensor* tensor = tensors.find(entry.name);
    ASSERT_NE(tensor, nullptr) << entry.name;
    EXPECT_EQ(tensor->sizes(), entry.shape) << entry.name;
  }
  int64_t side = 0;
  for (const Json& size : c.at("expected").at("emb_szs").as_array()) {
    const auto& weights = tensors.at(fmt::format("embeds.{}.weight", side++));
    EXPECT_EQ(weights.sizes().vec(), size.as_ints());
  }
}

}  // namespace
}  // namespace linnet
