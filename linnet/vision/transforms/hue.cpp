#include "linnet/vision/transforms/hue.h"

#include <cmath>

#include "linnet/vision/augment/draws.h"
#include "linnet/vision/augment/hsv.h"
#include "linnet/vision/augment/per_item.h"

namespace linnet {

Hue::Hue(HueOptions options) : options_(options) {
  detail::check_range("Hue", "max_hue", options_.max_hue, 0, 1);
  detail::check_fraction("Hue", "p", options_.p);
}

Json Hue::config() const {
  return Json{{"max_hue", options_.max_hue}, {"p", options_.p}, {"batch", options_.batch}};
}

torch::Tensor turn_hue(const torch::Tensor& pictures, const torch::Tensor& turns) {
  const auto by = turns.to(pictures.device(), torch::kFloat).view({-1, 1, 1});
  return detail::per_item(pictures, pictures.sizes(),
                          [&](const torch::Tensor& some, int64_t first, torch::Tensor out) {
                            auto hsv = rgb_to_hsv(some);
                            hsv.select(1, 0).add_(by.narrow(0, first, some.size(0))).remainder_(1);
                            out.copy_(hsv_to_rgb(hsv));
                          });
}

void Hue::apply(Batch& batch, Split split, Generator& random) const {
  if (split != Split::train) return;
  const double most = -std::log(1 - options_.max_hue);
  const auto turns =
      detail::draw_each(batch.size(), {options_.p, options_.batch}, 0, random,
                        [most](Generator& g) { return std::exp(g.uniform(-most, most)); });
  for (auto* side : {&batch.x, &batch.y}) {
    for (Column& column : *side) {
      if (column.kind == Kind::image && column.data.size(1) == 3) {
        column.data = turn_hue(column.data, turns);
      }
    }
  }
}

const Registered<BatchTransformEntry> hue_entry{{"hue", [](const Json& config) -> BatchTransform {
                                                   return Hue(
                                                       {.max_hue = config.at("max_hue").as_double(),
                                                        .p = config.at("p").as_double(),
                                                        .batch = config.at("batch").as_bool()});
                                                 }}};

}  // namespace linnet
