#include "linnet/vision/transforms/rotate.h"

#include "linnet/vision/augment/draws.h"
#include "linnet/vision/augment/matrices.h"

namespace linnet {

Rotate::Rotate(RotateOptions options) : options_(options) {
  detail::check_range("Rotate", "max_deg", options_.max_deg, 0, 360.5);
  detail::check_fraction("Rotate", "p", options_.p);
}

Json Rotate::config() const {
  return Json{{"max_deg", options_.max_deg},
              {"p", options_.p},
              {"batch", options_.batch},
              {"sampling", to_json(options_.sampling)}};
}

void Rotate::contribute(CoordPlan& plan, Generator& random) const {
  const double most = options_.max_deg;
  const auto draw = detail::draw_each(plan.items, {options_.p, options_.batch}, 0, random,
                                      [most](Generator& g) { return g.uniform(-most, most); });
  plan.affine = plan.affine.matmul(rotate_mat(draw));
}

const Registered<BatchTransformEntry> rotate_entry{
    {"rotate", [](const Json& config) -> BatchTransform {
       return Rotate({.max_deg = config.at("max_deg").as_double(),
                      .p = config.at("p").as_double(),
                      .batch = config.at("batch").as_bool(),
                      .sampling = sampling_from_json(config.at("sampling"))});
     }}};

}  // namespace linnet
