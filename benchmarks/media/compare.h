#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <vector>

#include "linnet/core/random.h"
#include "linnet/media/image.h"

namespace linnet::bench {

/** Smooth shapes with some noise, as photographs have. */
inline Image photograph(int64_t height, int64_t width, int64_t channels = 3) {
  Generator random({7});
  Image image(height, width, channels);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const int64_t wave = (x * x / 90 + y * y / 70 + x * y / 200) % 256;
      for (int64_t c = 0; c < channels; ++c) {
        const int64_t level = std::abs(wave - 128) + 30 * c + random.integer(16);
        image.at(y, x, c) = static_cast<uint8_t>(std::min<int64_t>(level, 255));
      }
    }
  }
  return image;
}

/** The shortest processor time of some calls, in seconds, so that a busy machine counts little. */
inline double best_time(const std::function<void()>& call) {
  double best = 1e9;
  for (int i = 0; i < 30; ++i) {
    const std::clock_t begin = std::clock();
    call();
    best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return best;
}

/** Times `ours`; the counter `ratio` is how many times as long it takes as `theirs`. */
inline void compare(benchmark::State& state, const std::function<void()>& ours,
                    const std::function<void()>& theirs) {
  const double ratio = best_time(ours) / best_time(theirs);
  for (auto _ : state) ours();
  state.counters["ratio"] = ratio;
  state.SetItemsProcessed(state.iterations());
}

}  // namespace linnet::bench
