#include "linnet/vision/transforms/dihedral_item.h"

#include "linnet/vision/transforms/turn.h"
#include "linnet/vision/transforms/view.h"

namespace linnet {

DihedralItem::DihedralItem(double p) : p_(detail::checked_probability("DihedralItem", p)) {}

void DihedralItem::apply(Sample& sample, Split split, Generator& random) const {
  if (split != Split::train || !detail::happens(p_, random)) return;
  detail::turn_sample(sample, random.integer(8));
}

const Registered<ItemTransformEntry> dihedral_item_entry{
    {"dihedral_item", [](const Json& config) -> ItemTransform {
       return DihedralItem(detail::number_or(config, "p", 1));
     }}};

}  // namespace linnet
