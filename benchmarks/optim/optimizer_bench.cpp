// One Adam step over all parameters of a model. `ratio`: times as long as torch::optim::AdamW takes
// for the same parameters (by the clock, the best of some steps in turn).
#include <benchmark/benchmark.h>
#include <torch/optim.h>
#include <torch/utils.h>

#include "../core/machine.h"
#include "linnet/core/registry.h"
#include "linnet/models/model_entry.h"
#include "linnet/models/tabular_net.h"
#include "linnet/optim/adam.h"

namespace {

using Parameters = std::vector<torch::Tensor>;

Parameters resnet18() {
  return linnet::registry<linnet::ModelEntry>().at("resnet18").body(3)->parameters();
}

// As for adult_sample: six categories and the mark of what was missing, three numbers.
Parameters tabular_net() {
  linnet::TabularSizes sizes;
  for (const int64_t n : {10, 17, 8, 16, 7, 6, 3})
    sizes.emb_szs.emplace_back(n, linnet::emb_sz_rule(n));
  sizes.n_cont = 3;
  sizes.out_sz = 2;
  return linnet::TabularModel(sizes)->parameters();
}

void adam_beside_torch(benchmark::State& state, Parameters (*make)()) {
  linnet::bench::as_the_program();
  torch::manual_seed(1);
  const Parameters parameters = make();
  for (const auto& parameter : parameters)
    parameter.mutable_grad() = torch::randn_like(parameter) * 0.01;
  linnet::Optimizer ours = linnet::adam({parameters}, 1e-3);
  torch::optim::AdamW theirs(
      parameters, torch::optim::AdamWOptions(1e-3).betas({0.9, 0.99}).eps(1e-5).weight_decay(0.01));
  double our_best = 1e9;
  double their_best = 1e9;
  for (int i = 0; i < 30; ++i) {
    our_best = std::min(our_best, linnet::bench::seconds_of([&] { ours.step(); }));
    their_best = std::min(their_best, linnet::bench::seconds_of([&] { theirs.step(); }));
  }
  for (auto _ : state) ours.step();
  state.counters["ratio"] = our_best / their_best;
}
BENCHMARK_CAPTURE(adam_beside_torch, resnet18, resnet18)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(adam_beside_torch, tabular_net, tabular_net)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
