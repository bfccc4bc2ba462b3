#include "linnet/collab/side.h"

#include <fmt/format.h>

#include <array>

#include "linnet/core/error.h"
#include "linnet/data/blocks/category.h"

namespace linnet::detail {

const Block& block_of(const Learner& learn, Side side, const char* where) {
  const Json* kind = learn.model_config.find("kind");
  if (kind == nullptr || *kind != Json("collab")) {
    throw UsageError(where, "this learner does not recommend: collab_learner makes one that does");
  }
  return learn.dls().pipeline().blocks().at(side == Side::user ? 0 : 1);
}

const std::vector<Label>& labels_of(const Learner& learn, Side side, const char* where) {
  const Block& block = block_of(learn, side, where);
  if (const auto* names = dynamic_cast<const CategoryBlock*>(block.operator->())) {
    return names->labels();
  }
  throw UsageError(where, fmt::format("this learner's users and items are of the block '{}', "
                                      "expected category",
                                      block->name()));
}

int64_t index_of(const Block& block, const Label& label) {
  return std::get<int64_t>(block->encode(label));
}

std::vector<torch::Tensor> embeddings_of(const Learner& learn, Side side) {
  using Names = std::array<const char*, 3>;  // of either kind of network
  const Names names = side == Side::user
                          ? Names{"u_weight.weight", "embeds.0.weight", "u_bias.weight"}
                          : Names{"i_weight.weight", "embeds.1.weight", "i_bias.weight"};
  const auto parameters = learn.network().module().named_parameters();
  std::vector<torch::Tensor> found;
  for (const char* name : names) {
    if (const auto* parameter = parameters.find(name)) found.push_back(*parameter);
  }
  return found;
}

}  // namespace linnet::detail
