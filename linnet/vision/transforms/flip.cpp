#include "linnet/vision/transforms/flip.h"

#include "linnet/vision/augment/draws.h"
#include "linnet/vision/augment/matrices.h"

namespace linnet {

Flip::Flip(FlipOptions options) : options_(options) {
  detail::check_fraction("Flip", "p", options_.p);
}

Json Flip::config() const {
  return Json{
      {"p", options_.p}, {"batch", options_.batch}, {"sampling", to_json(options_.sampling)}};
}

void Flip::contribute(CoordPlan& plan, Generator& random) const {
  const auto draw = detail::draw_each(plan.items, {options_.p, options_.batch}, 0, random,
                                      [](Generator&) { return 1.0; });
  plan.affine = plan.affine.matmul(flip_mat(draw));
}

const Registered<BatchTransformEntry> flip_entry{
    {"flip", [](const Json& config) -> BatchTransform {
       return Flip({.p = config.at("p").as_double(),
                    .batch = config.at("batch").as_bool(),
                    .sampling = sampling_from_json(config.at("sampling"))});
     }}};

}  // namespace linnet
