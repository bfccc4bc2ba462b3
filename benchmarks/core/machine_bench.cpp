// What this machine can do at most, beside which all other figures are read: the best of some
// products of two 2048 x 2048 matrices, and of some copies of a large tensor, on all threads. A
// copy counts what is read and what is written.
#include <benchmark/benchmark.h>
#include <torch/types.h>

#include "machine.h"

namespace {

using linnet::bench::best_seconds;

void matrix_product(benchmark::State& state, torch::ScalarType type) {
  linnet::bench::as_the_program();
  double best = 0;
  for (auto _ : state) best = std::max(best, linnet::bench::peak_gflops(type));
  state.counters["GFLOP/s"] = best;
}

void product_runs(benchmark::internal::Benchmark* benchmark) {
  benchmark->Iterations(2)->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(matrix_product, float32, torch::kFloat32)->Apply(product_runs);
BENCHMARK_CAPTURE(matrix_product, bfloat16, torch::kBFloat16)->Apply(product_runs);

void copy(benchmark::State& state) {
  linnet::bench::as_the_program();
  const auto from = torch::rand({int64_t{1} << 26});  // 256 MiB, far beyond the caches
  auto to = torch::zeros_like(from);
  double best = 1e9;
  for (auto _ : state) best = std::min(best, best_seconds([&] { to.copy_(from); }));
  state.counters["GB/s"] = 2 * static_cast<double>(from.nbytes()) / best / 1e9;
}
BENCHMARK(copy)->Iterations(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
