#include "linnet/vision/transforms/contrast.h"

#include <cmath>

#include "linnet/vision/augment/draws.h"

namespace linnet {

Contrast::Contrast(ContrastOptions options) : options_(options) {
  detail::check_range("Contrast", "max_lighting", options_.max_lighting, 0, 1);
  detail::check_fraction("Contrast", "p", options_.p);
}

Json Contrast::config() const {
  return Json{
      {"max_lighting", options_.max_lighting}, {"p", options_.p}, {"batch", options_.batch}};
}

torch::Tensor Contrast::draw(int64_t n, Generator& random) const {
  const double most = -std::log(1 - options_.max_lighting);
  return detail::draw_each(n, {options_.p, options_.batch}, 1, random,
                           [most](Generator& g) { return std::exp(g.uniform(-most, most)); });
}

void Contrast::change_(torch::Tensor& logits, const torch::Tensor& draws) const {
  logits.mul_(draws);
}

const Registered<BatchTransformEntry> contrast_entry{
    {"contrast", [](const Json& config) -> BatchTransform {
       return Contrast({.max_lighting = config.at("max_lighting").as_double(),
                        .p = config.at("p").as_double(),
                        .batch = config.at("batch").as_bool()});
     }}};

}  // namespace linnet
