#include "linnet/vision/transforms/brightness.h"

#include <cmath>

#include "linnet/vision/augment/draws.h"

namespace linnet {

Brightness::Brightness(BrightnessOptions options) : options_(options) {
  detail::check_range("Brightness", "max_lighting", options_.max_lighting, 0, 1);
  detail::check_fraction("Brightness", "p", options_.p);
}

Json Brightness::config() const {
  return Json{
      {"max_lighting", options_.max_lighting}, {"p", options_.p}, {"batch", options_.batch}};
}

torch::Tensor Brightness::draw(int64_t n, Generator& random) const {
  const double most = options_.max_lighting;
  return detail::draw_each(n, {options_.p, options_.batch}, 0.5, random,
                           [most](Generator& g) { return 0.5 * g.uniform(1 - most, 1 + most); });
}

void Brightness::change_(torch::Tensor& logits, const torch::Tensor& draws) const {
  logits.add_(logits_of(draws));
}

const Registered<BatchTransformEntry> brightness_entry{
    {"brightness", [](const Json& config) -> BatchTransform {
       return Brightness({.max_lighting = config.at("max_lighting").as_double(),
                          .p = config.at("p").as_double(),
                          .batch = config.at("batch").as_bool()});
     }}};

}  // namespace linnet
