#include "linnet/collab/side.h"

#include "linnet/core/error.h"

namespace linnet::detail {

const Block& block_of(const Learner& learn, Side side, const char* where) {
  const Json* kind = learn.model_config.find("kind");
  if (kind == nullptr || *kind != Json("collab")) {
    throw UsageError(where, "this learner does not recommend: collab_learner makes one that does");
  }
  return learn.dls().pipeline().blocks().at(side == Side::user ? 0 : 1);
}

int64_t index_of(const Block& block, const Label& label) {
  return std::get<int64_t>(block->encode(label));
}

}  // namespace linnet::detail
