#include "linnet/vision/transforms/warp.h"

#include "linnet/vision/augment/draws.h"
#include "linnet/vision/augment/matrices.h"

namespace linnet {

Warp::Warp(WarpOptions options) : options_(options) {
  detail::check_range("Warp", "magnitude", options_.magnitude, 0, 1);
  detail::check_fraction("Warp", "p", options_.p);
}

Json Warp::config() const {
  return Json{{"magnitude", options_.magnitude},
              {"p", options_.p},
              {"batch", options_.batch},
              {"sampling", to_json(options_.sampling)}};
}

void Warp::contribute(CoordPlan& plan, Generator& random) const {
  const auto draw = [&] {
    const double most = options_.magnitude;
    return detail::draw_each(plan.items, {options_.p, options_.batch}, 0, random,
                             [most](Generator& g) { return g.uniform(-most, most); });
  };
  const auto x = draw();
  const auto y = draw();
  if (x.eq(0).all().item<bool>() && y.eq(0).all().item<bool>()) return;  // exactly nothing
  plan.perspective = warp_mat(x, y).matmul(plan.perspective);
}

const Registered<BatchTransformEntry> warp_entry{
    {"warp", [](const Json& config) -> BatchTransform {
       return Warp({.magnitude = config.at("magnitude").as_double(),
                    .p = config.at("p").as_double(),
                    .batch = config.at("batch").as_bool(),
                    .sampling = sampling_from_json(config.at("sampling"))});
     }}};

}  // namespace linnet
