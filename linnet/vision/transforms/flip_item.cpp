#include "linnet/vision/transforms/flip_item.h"

#include "linnet/vision/transforms/turn.h"
#include "linnet/vision/transforms/view.h"

namespace linnet {

FlipItem::FlipItem(double p) : p_(detail::checked_probability("FlipItem", p)) {}

void FlipItem::apply(Sample& sample, Split split, Generator& random) const {
  if (split != Split::train || !detail::happens(p_, random)) return;
  detail::turn_sample(sample, 1);
}

const Registered<ItemTransformEntry> flip_item_entry{
    {"flip_item", [](const Json& config) -> ItemTransform {
       return FlipItem(detail::number_or(config, "p", 0.5));
     }}};

}  // namespace linnet
