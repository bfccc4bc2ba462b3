#include "linnet/collab/read_out.h"

#include <fmt/format.h>

#include "linnet/collab/side.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

using detail::block_of;
using detail::embeddings_of;
using detail::index_of;

namespace {

const char* name_of(Side side) { return side == Side::user ? "user" : "item"; }

// The indices of what is known.
torch::Tensor indices_of(const Learner& learn, const std::vector<Label>& labels, Side side,
                         const char* where) {
  const Block& block = block_of(learn, side, where);
  std::vector<int64_t> indices;
  indices.reserve(labels.size());
  for (const Label& label : labels) {
    indices.push_back(index_of(block, label));
    if (indices.back() != 0) continue;
    throw DataError(where,
                    fmt::format("{} '{}' is not in the training data. If it was in the ratings, "
                                "only those that were held out may have it",
                                name_of(side), shown_text(label.text())));
  }
  return torch::tensor(indices, torch::kLong);
}

}  // namespace

std::vector<Label> classes(const Learner& learn, Side side) {
  return detail::labels_of(learn, side, "classes");
}

bool is_known(const Learner& learn, const Label& label, Side side) {
  return index_of(block_of(learn, side, "is_known"), label) != 0;
}

torch::Tensor bias(const Learner& learn, const std::vector<Label>& labels, Side side) {
  const auto indices = indices_of(learn, labels, side, "bias");
  const auto tables = embeddings_of(learn, side);
  if (tables.size() < 2) {
    throw UsageError("bias",
                     "this model is a network and has no bias of a user or item: leave use_nn out");
  }
  return tables[1].detach().cpu().index_select(0, indices).squeeze(1);
}

torch::Tensor weight(const Learner& learn, const std::vector<Label>& labels, Side side) {
  const auto indices = indices_of(learn, labels, side, "weight");
  return embeddings_of(learn, side)[0].detach().cpu().index_select(0, indices);
}

std::vector<Neighbour> nearest(const Learner& learn, const Label& label,
                               const NearestOptions& options) {
  if (options.n < 1) {
    throw UsageError("nearest", fmt::format("n: got {}, expected 1 or more", options.n));
  }
  const auto index = indices_of(learn, {label}, options.side, "nearest");
  const auto all = embeddings_of(learn, options.side)[0].detach().cpu();
  const auto similarity = torch::cosine_similarity(all, all.index_select(0, index), 1);
  const auto [sorted, order] = similarity.sort(/*stable=*/true, /*dim=*/0, /*descending=*/true);
  const auto& vocab = detail::labels_of(learn, options.side, "nearest");
  std::vector<Neighbour> found;
  for (int64_t i = 0; i < order.size(0) && static_cast<int64_t>(found.size()) < options.n; ++i) {
    const auto at = order[i].item<int64_t>();
    if (at == 0 || at == index.item<int64_t>()) continue;
    found.push_back({vocab[static_cast<size_t>(at)], sorted[i].item<double>()});
  }
  return found;
}

}  // namespace linnet
