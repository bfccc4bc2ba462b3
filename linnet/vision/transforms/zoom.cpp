#include "linnet/vision/transforms/zoom.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/vision/augment/draws.h"
#include "linnet/vision/augment/matrices.h"

namespace linnet {

Zoom::Zoom(ZoomOptions options) : options_(options) {
  if (!(options_.min_zoom > 0 && options_.min_zoom <= options_.max_zoom)) {
    throw UsageError("Zoom",
                     fmt::format("min_zoom, max_zoom: got {} and {}, expected more than 0 and the "
                                 "larger one second",
                                 options_.min_zoom, options_.max_zoom));
  }
  detail::check_fraction("Zoom", "p", options_.p);
}

Json Zoom::config() const {
  return Json{{"min_zoom", options_.min_zoom},
              {"max_zoom", options_.max_zoom},
              {"p", options_.p},
              {"batch", options_.batch},
              {"sampling", to_json(options_.sampling)}};
}

void Zoom::contribute(CoordPlan& plan, Generator& random) const {
  const auto draw = [&](double p, double neutral, double low, double high) {
    return detail::draw_each(plan.items, {p, options_.batch}, neutral, random,
                             [=](Generator& g) { return g.uniform(low, high); });
  };
  const auto zoom = draw(options_.p, 1, options_.min_zoom, options_.max_zoom);
  const auto x = draw(1, 0, 0, 1);
  const auto y = draw(1, 0, 0, 1);
  plan.affine = plan.affine.matmul(zoom_mat(zoom, x, y));
}

const Registered<BatchTransformEntry> zoom_entry{
    {"zoom", [](const Json& config) -> BatchTransform {
       return Zoom({.min_zoom = config.at("min_zoom").as_double(),
                    .max_zoom = config.at("max_zoom").as_double(),
                    .p = config.at("p").as_double(),
                    .batch = config.at("batch").as_bool(),
                    .sampling = sampling_from_json(config.at("sampling"))});
     }}};

}  // namespace linnet
