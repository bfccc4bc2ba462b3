#pragma once

#include <malloc.h>
#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "linnet/core/device.h"

namespace linnet::bench {

/** Threads and memory as the program's main sets them (linnet/cli/main.cpp). */
inline void as_the_program() {
  constexpr int kGigabyte = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kGigabyte);
  mallopt(M_TRIM_THRESHOLD, kGigabyte);
  set_threads();
}

inline double seconds_of(const std::function<void()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/** The shortest of the calls that a second leaves time for, five at least, in seconds of the clock:
 * what other programs take counts little. */
inline double best_seconds(const std::function<void()>& call) {
  double best = seconds_of(call);
  double sum = best;
  for (int i = 1; i < 5 || sum < 1; ++i) {
    const double seconds = seconds_of(call);
    best = std::min(best, seconds);
    sum += seconds;
  }
  return best;
}

inline constexpr int64_t kProductSide = 2048;

/** The machine's measured peak, in GFLOP/s: the best of some products of two square matrices of
 * that type, on all threads. */
inline double peak_gflops(torch::ScalarType type) {
  const torch::NoGradGuard no_grad;
  const auto a = torch::rand({kProductSide, kProductSide}).to(type);
  const auto b = torch::rand({kProductSide, kProductSide}).to(type);
  auto product = torch::matmul(a, b);
  const double seconds = best_seconds([&] { torch::matmul_out(product, a, b); });
  return 2.0 * kProductSide * kProductSide * kProductSide / seconds / 1e9;
}

}  // namespace linnet::bench
