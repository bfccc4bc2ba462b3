#include "linnet/vision/transforms/random_erasing.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/vision/augment/draws.h"

namespace linnet {

namespace {

struct Strip {
  int64_t begin;
  int64_t length;
};

// One side of a rectangle: the root of `area`, anywhere along `size` pixels.
Strip draw_strip(double area, int64_t size, Generator& random) {
  const auto length = static_cast<int64_t>(std::nearbyint(std::sqrt(area)));
  const int64_t begin = random.integer(std::max<int64_t>(size - length, 0) + 1);
  return {begin, std::min(length, size - begin)};
}

// From a generator of torch's seeded by ours: the same noise whatever the device and the threads.
void fill_with_noise(torch::Tensor part, Generator& random) {
  auto generator = at::detail::createCPUGenerator(random.next());
  part.copy_(torch::empty(part.sizes(), torch::kFloat).normal_(0, 1, generator));
}

}  // namespace

RandomErasing::RandomErasing(RandomErasingOptions options) : options_(options) {
  detail::check_fraction("RandomErasing", "p", options_.p);
  if (!(options_.sl >= 0 && options_.sl <= options_.sh && options_.sh <= 1)) {
    throw UsageError("RandomErasing",
                     fmt::format("sl, sh: got {} and {}, expected shares of the area from 0 to 1, "
                                 "the larger one second",
                                 options_.sl, options_.sh));
  }
  if (!(options_.min_aspect > 0 && options_.min_aspect <= 1)) {
    throw UsageError(
        "RandomErasing",
        fmt::format("min_aspect: got {}, expected more than 0, up to 1", options_.min_aspect));
  }
  if (options_.max_count < 1) {
    throw UsageError("RandomErasing",
                     fmt::format("max_count: got {}, expected 1 or more", options_.max_count));
  }
}

Json RandomErasing::config() const {
  return Json{{"p", options_.p},
              {"sl", options_.sl},
              {"sh", options_.sh},
              {"min_aspect", options_.min_aspect},
              {"max_count", options_.max_count}};
}

void RandomErasing::apply(Batch& batch, Split split, Generator& random) const {
  if (split != Split::train || !random.bernoulli(options_.p)) return;
  for (Column& column : batch.x) {
    if (column.kind != Kind::image) continue;
    const int64_t height = column.data.size(2), width = column.data.size(3);
    const int64_t count = 1 + random.integer(options_.max_count);
    const double share = static_cast<double>(height * width) / static_cast<double>(count);
    column.data = column.data.clone();
    for (int64_t i = 0; i < count; ++i) {
      const double area = random.uniform(options_.sl, options_.sh) * share;
      const double most = -std::log(options_.min_aspect);
      const double aspect = std::exp(random.uniform(-most, most));
      const Strip rows = draw_strip(area * aspect, height, random);
      const Strip columns = draw_strip(area / aspect, width, random);
      fill_with_noise(
          column.data.narrow(2, rows.begin, rows.length).narrow(3, columns.begin, columns.length),
          random);
    }
  }
}

const Registered<BatchTransformEntry> random_erasing_entry{
    {"random_erasing", [](const Json& config) -> BatchTransform {
       return RandomErasing({.p = config.at("p").as_double(),
                             .sl = config.at("sl").as_double(),
                             .sh = config.at("sh").as_double(),
                             .min_aspect = config.at("min_aspect").as_double(),
                             .max_count = config.at("max_count").as_int()});
     }}};

}  // namespace linnet
