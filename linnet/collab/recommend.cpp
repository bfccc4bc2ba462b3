#include "linnet/collab/recommend.h"

#include <fmt/format.h>

#include <unordered_set>

#include "linnet/collab/side.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

using detail::block_of;
using detail::index_of;

namespace {

torch::Tensor indices_of(const Block& block, const std::vector<Label>& labels) {
  std::vector<int64_t> indices;
  indices.reserve(labels.size());
  for (const Label& label : labels) indices.push_back(index_of(block, label));
  return torch::tensor(indices, torch::kLong);
}

torch::Tensor ratings_of(const Learner& learn, const torch::Tensor& users,
                         const torch::Tensor& items) {
  Batch batch;
  batch.x = {{Kind::category, users}, {Kind::category, items}};
  return learn.pred_batch(std::move(batch)).reshape({-1});
}

std::vector<int64_t> seen_indices(const Learner& learn, int64_t user, const char* where) {
  const Json* seen = learn.model_config.find("seen");
  if (seen == nullptr) {
    throw UsageError(where,
                     "this model does not keep who rated what: say what was seen, .seen = {...}");
  }
  std::vector<int64_t> indices;
  const auto& text = seen->as_array().at(static_cast<size_t>(user)).as_string();
  if (text.empty()) return indices;
  for (const std::string& word : split(text, ' ')) indices.push_back(std::stoll(word));
  return indices;
}

}  // namespace

torch::Tensor predict_ratings(const Learner& learn, const std::vector<Label>& users,
                              const std::vector<Label>& items) {
  constexpr const char* kRecommendWhere = "predict_ratings";
  if (users.size() != items.size()) {
    throw UsageError(kRecommendWhere,
                     fmt::format("got {} users and {} items, expected as many of each",
                                 users.size(), items.size()));
  }
  if (users.empty()) return torch::empty({0});
  return ratings_of(learn, indices_of(block_of(learn, Side::user, kRecommendWhere), users),
                    indices_of(block_of(learn, Side::item, kRecommendWhere), items));
}

double predict_rating(const Learner& learn, const Label& user, const Label& item) {
  return predict_ratings(learn, {user}, {item}).item<double>();
}

std::vector<Label> seen_items(const Learner& learn, const Label& user) {
  constexpr const char* kRecommendWhere = "seen_items";
  const int64_t index = index_of(block_of(learn, Side::user, kRecommendWhere), user);
  const auto& vocab = detail::labels_of(learn, Side::item, kRecommendWhere);
  std::vector<Label> items;
  for (const int64_t item : seen_indices(learn, index, kRecommendWhere)) {
    items.push_back(vocab.at(static_cast<size_t>(item)));
  }
  return items;
}

std::vector<Recommendation> recommend(const Learner& learn, const Label& user,
                                      const RecommendOptions& options) {
  constexpr const char* kRecommendWhere = "recommend";
  if (options.n < 1) {
    throw UsageError(kRecommendWhere, fmt::format("n: got {}, expected 1 or more", options.n));
  }
  const Block& items = block_of(learn, Side::item, kRecommendWhere);
  const int64_t user_index = index_of(block_of(learn, Side::user, kRecommendWhere), user);
  std::unordered_set<int64_t> left_out = {0};
  if (options.seen) {
    for (const Label& label : *options.seen) left_out.insert(index_of(items, label));
  } else {
    for (const int64_t item : seen_indices(learn, user_index, kRecommendWhere))
      left_out.insert(item);
  }
  const auto all = torch::arange(items->c());
  const auto ratings = ratings_of(learn, torch::full_like(all, user_index), all);
  const auto [sorted, order] = ratings.sort(/*stable=*/true, /*dim=*/0, /*descending=*/true);
  const auto& vocab = detail::labels_of(learn, Side::item, kRecommendWhere);
  std::vector<Recommendation> best;
  for (int64_t i = 0; i < order.size(0) && static_cast<int64_t>(best.size()) < options.n; ++i) {
    const auto at = order[i].item<int64_t>();
    if (left_out.contains(at)) continue;
    best.push_back({vocab[static_cast<size_t>(at)], sorted[i].item<double>()});
  }
  return best;
}

}  // namespace linnet
