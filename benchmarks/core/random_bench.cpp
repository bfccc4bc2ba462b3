// How fast random numbers come, beside the standard library's generator doing the same. The first
// argument of the Item benchmarks is how many numbers one item (a picture being augmented) draws: a
// generator is made anew for each.
#include <benchmark/benchmark.h>

#include <random>

#include "linnet/core/random.h"

namespace {

using linnet::Generator;

void generator_uniform(benchmark::State& state) {
  Generator generator({42, 0, 0});
  for (auto _ : state) benchmark::DoNotOptimize(generator.uniform());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(generator_uniform);

void mt19937_uniform(benchmark::State& state) {
  std::mt19937_64 generator(42);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (auto _ : state) benchmark::DoNotOptimize(uniform(generator));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(mt19937_uniform);

void generator_item(benchmark::State& state) {
  uint64_t item = 0;
  for (auto _ : state) {
    Generator generator({42, 0, item++});
    for (int64_t i = 0; i < state.range(0); ++i) benchmark::DoNotOptimize(generator.uniform());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(generator_item)->Arg(4)->Arg(32);

void mt19937_item(benchmark::State& state) {
  uint64_t item = 0;
  std::uniform_real_distribution<double> uniform(0, 1);
  for (auto _ : state) {
    std::seed_seq key{uint64_t{42}, uint64_t{0}, item++};
    std::mt19937_64 generator(key);
    for (int64_t i = 0; i < state.range(0); ++i) benchmark::DoNotOptimize(uniform(generator));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(mt19937_item)->Arg(4)->Arg(32);

}  // namespace
