#include "linnet/train/callbacks/mixup.h"

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"

namespace linnet {

MixDraw MixUp::draw(const torch::Tensor& x, Generator& random) const {
  const int64_t n = x.size(0);
  return {.lam = draw_beta(n, random), .partner = draw_order(n, random)};
}

// The larger share is the item's own: else a blend and its mirror image would both be in the batch.
void MixUp::mix(std::vector<Column>& inputs, MixDraw& draw) const {
  draw.lam = torch::maximum(draw.lam, 1 - draw.lam);
  for (Column& input : inputs) {
    auto& x = input.data;
    if (!x.is_floating_point()) {
      throw UsageError("MixUp", "an input holds whole numbers, which cannot be blended");
    }
    std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
    shape[0] = -1;
    x = torch::lerp(x.index_select(0, draw.partner), x, draw.lam.view(shape).to(x.scalar_type()));
  }
}

const Registered<CallbackEntry> mixup_entry{callback_entry<MixUp>("mixup")};

}  // namespace linnet
