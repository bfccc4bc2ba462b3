#include "linnet/vision/transforms/dihedral.h"

#include "linnet/vision/augment/draws.h"
#include "linnet/vision/augment/matrices.h"

namespace linnet {

Dihedral::Dihedral(DihedralOptions options) : options_(options) {
  detail::check_fraction("Dihedral", "p", options_.p);
}

Json Dihedral::config() const {
  return Json{
      {"p", options_.p}, {"batch", options_.batch}, {"sampling", to_json(options_.sampling)}};
}

void Dihedral::contribute(CoordPlan& plan, Generator& random) const {
  const auto draw =
      detail::draw_each(plan.items, {options_.p, options_.batch}, 0, random,
                        [](Generator& g) { return static_cast<double>(g.integer(8)); });
  plan.affine = plan.affine.matmul(dihedral_mat(draw.to(torch::kLong)));
}

const Registered<BatchTransformEntry> dihedral_entry{
    {"dihedral", [](const Json& config) -> BatchTransform {
       return Dihedral({.p = config.at("p").as_double(),
                        .batch = config.at("batch").as_bool(),
                        .sampling = sampling_from_json(config.at("sampling"))});
     }}};

}  // namespace linnet
