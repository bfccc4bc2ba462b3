#include "linnet/collab/learner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "linnet/collab/average_unknown.h"
#include "linnet/core/error.h"
#include "linnet/models/dot_bias.h"
#include "linnet/models/embedding_nn.h"
#include "linnet/train/callbacks/one_thread.h"
#include "linnet/train/learner_file.h"
#include "linnet/train/learner_options.h"

namespace linnet {

namespace {

constexpr const char* kLearnerWhere = "collab_learner";

void check_data(const DataLoaders& dls) {
  const auto& blocks = dls.pipeline().blocks();
  const bool fits = dls.pipeline().n_inp() == 2 && blocks.size() == 3 &&
                    blocks[0]->kind() == Kind::category && blocks[1]->kind() == Kind::category &&
                    blocks[2]->kind() == Kind::number;
  if (fits) return;
  throw UsageError(kLearnerWhere,
                   "the data are not a user, an item and a rating: make them by CollabDataLoaders");
}

void check_options(const CollabLearnerOptions& options) {
  if (options.n_factors < 1) {
    throw UsageError(kLearnerWhere,
                     fmt::format("n_factors: got {}, expected 1 or more", options.n_factors));
  }
  if (options.y_range && !(options.y_range->first < options.y_range->second)) {
    throw UsageError(kLearnerWhere,
                     fmt::format("y_range: got {} to {}, expected the lower number first",
                                 options.y_range->first, options.y_range->second));
  }
  const bool for_network = !options.layers.empty() || options.emb_szs;
  if (for_network && !options.use_nn) {
    throw UsageError(
        kLearnerWhere,
        "layers and emb_szs are for the network: say .use_nn = true, or leave them out");
  }
}

TabularSizes network_sizes(int64_t n_users, int64_t n_items, const CollabLearnerOptions& options) {
  const auto widths =
      options.emb_szs.value_or(std::array<int64_t, 2>{emb_sz_rule(n_users), emb_sz_rule(n_items)});
  TabularSizes sizes;
  sizes.emb_szs = {{n_users, widths[0]}, {n_items, widths[1]}};
  sizes.layers = options.layers.empty() ? std::vector{options.n_factors} : options.layers;
  sizes.y_range = options.y_range;
  return sizes;
}

Json model_config(const DataLoaders& dls, const CollabLearnerOptions& options) {
  const auto& blocks = dls.pipeline().blocks();
  const int64_t n_users = blocks[0]->c(), n_items = blocks[1]->c();
  Json config{{"kind", "collab"}, {"use_nn", options.use_nn}};
  if (options.use_nn) {
    config["sizes"] = to_json(network_sizes(n_users, n_items, options));
    config["config"] = to_json(options.config);
    return config;
  }
  config["n_users"] = n_users;
  config["n_items"] = n_items;
  config["n_factors"] = options.n_factors;
  if (options.y_range) {
    config["y_range"] = Json(Json::Array{options.y_range->first, options.y_range->second});
  }
  return config;
}

std::optional<std::pair<double, double>> y_range_of(const Json& config) {
  const Json* range = config.find("y_range");
  if (range == nullptr) return std::nullopt;
  const auto bounds = range->as_doubles();
  return std::pair(bounds.at(0), bounds.at(1));
}

Network build(const Json& config) {
  if (config.at("use_nn").as_bool()) {
    return EmbeddingNN(tabular_sizes_from_json(config.at("sizes")),
                       tabular_config_from_json(config.at("config")));
  }
  return EmbeddingDotBias(
      config.at("n_users").as_int(), config.at("n_items").as_int(),
      DotBiasOptions{.n_factors = config.at("n_factors").as_int(), .y_range = y_range_of(config)});
}

// Of each user by index, the indices of what he rated: "3 17 25". A text each, as a list of numbers
// would take ten times the room while the file is read.
Json seen_by_user(const DataLoaders& dls) {
  const auto& blocks = dls.pipeline().blocks();
  std::vector<std::set<int64_t>> seen(static_cast<size_t>(blocks[0]->c()));
  for (const Dataset* side : {&dls.train_ds(), &dls.valid_ds()}) {
    for (int64_t i = 0; i < side->size(); ++i) {
      const auto user = std::get<int64_t>(blocks[0]->encode((*side)[i].at(0)));
      const auto item = std::get<int64_t>(blocks[1]->encode((*side)[i].at(1)));
      if (user != 0 && item != 0) seen[static_cast<size_t>(user)].insert(item);
    }
  }
  Json texts(Json::Array{});
  for (const auto& items : seen) texts.push_back(fmt::format("{}", fmt::join(items, " ")));
  return texts;
}

void tell_of_unreachable(const DataLoaders& dls, const CollabLearnerOptions& options) {
  if (!options.y_range) return;
  const auto [low, high] = *options.y_range;
  const auto ratings = dls.train_ds().column(2);
  const auto number = [](const Value& value) { return std::get<Label>(value).number(); };
  const auto [least, most] =
      std::minmax_element(ratings.begin(), ratings.end(),
                          [&](const Value& a, const Value& b) { return number(a) < number(b); });
  if (number(*least) >= low && number(*most) <= high) return;
  options.reporter->warn(fmt::format(
      "y_range goes from {} to {}, but ratings from {} to {}: the model cannot reach them all. Let "
      "y_range go a little beyond the ratings.",
      low, high, number(*least), number(*most)));
}

}  // namespace

Learner collab_learner(const DataLoaders& dls, const CollabLearnerOptions& options) {
  check_data(dls);
  check_options(options);
  Json config = model_config(dls, options);
  tell_of_unreachable(dls, options);
  LearnerOptions common = learner_options(options);
  common.callbacks.push_back(std::make_shared<AverageUnknown>());
  common.callbacks.push_back(std::make_shared<OneThread>());
  Learner learn(dls, build(config), std::move(common));
  if (options.keep_seen) config["seen"] = seen_by_user(dls);
  learn.model_config = std::move(config);
  learn.set_reporter(*options.reporter);
  return learn;
}

const Registered<LearnerKind> collab_kind{{"collab", build}};

}  // namespace linnet
