#include "linnet/vision/transforms/saturation.h"

#include <cmath>

#include "linnet/vision/augment/draws.h"

namespace linnet {

Saturation::Saturation(SaturationOptions options) : options_(options) {
  detail::check_range("Saturation", "max_lighting", options_.max_lighting, 0, 1);
  detail::check_fraction("Saturation", "p", options_.p);
}

Json Saturation::config() const {
  return Json{
      {"max_lighting", options_.max_lighting}, {"p", options_.p}, {"batch", options_.batch}};
}

torch::Tensor Saturation::draw(int64_t n, Generator& random) const {
  const double most = -std::log(1 - options_.max_lighting);
  return detail::draw_each(n, {options_.p, options_.batch}, 1, random,
                           [most](Generator& g) { return std::exp(g.uniform(-most, most)); });
}

// Away from or towards the luma of ITU-R BT.601.
void Saturation::change_(torch::Tensor& logits, const torch::Tensor& draws) const {
  if (logits.size(1) != 3) return;
  auto luma = logits.select(1, 0) * 0.2989;
  luma.add_(logits.select(1, 1), 0.5870).add_(logits.select(1, 2), 0.1140);
  logits.mul_(draws).add_(luma.unsqueeze(1).mul_(1 - draws));
}

const Registered<BatchTransformEntry> saturation_entry{
    {"saturation", [](const Json& config) -> BatchTransform {
       return Saturation({.max_lighting = config.at("max_lighting").as_double(),
                          .p = config.at("p").as_double(),
                          .batch = config.at("batch").as_bool()});
     }}};

}  // namespace linnet
