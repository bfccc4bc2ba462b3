// What augmentation costs on a batch of 64 pictures of 224 x 224: joined as in a pipeline, beside
// the same transforms applied one after another, each with its own interpolation or way to the
// logits. A pass of presizing begins at 460. Last, what a training step of ResNet-18 takes on such
// a batch.
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <torch/utils.h>

#include <thread>

#include "linnet/models/head.h"
#include "linnet/models/resnet.h"
#include "linnet/vision/augment/aug_transforms.h"

namespace {

using linnet::AugOptions;
using linnet::Batch;
using linnet::BatchTransform;
using linnet::Kind;
using linnet::Split;

constexpr int64_t kItems = 64;

Batch batch_of(int64_t side) {
  at::set_num_threads(static_cast<int>(std::thread::hardware_concurrency()));
  torch::manual_seed(1);
  // As they come from the loader: height, width, channels in memory.
  return {{{Kind::image,
            torch::rand({kItems, 3, side, side}).contiguous(torch::MemoryFormat::ChannelsLast)}},
          {},
          {}};
}

void run(benchmark::State& state, const std::vector<BatchTransform>& steps, int64_t side) {
  const Batch batch = batch_of(side);
  uint64_t seed = 0;
  for (auto _ : state) {
    Batch changed = batch;
    linnet::Generator random({++seed});
    for (const auto& step : steps) step->apply(changed, Split::train, random);
    benchmark::DoNotOptimize(changed.x[0].data.data_ptr());
  }
  state.SetItemsProcessed(state.iterations() * kItems);
}

const AugOptions kPresizing{.size = 224, .min_scale = 0.75};

void joined(benchmark::State& state) { run(state, linnet::joined(linnet::aug_transforms()), 224); }
BENCHMARK(joined)->Unit(benchmark::kMillisecond)->UseRealTime();

void one_by_one(benchmark::State& state) {
  const auto list = linnet::aug_transforms();
  run(state, {list.begin(), list.end()}, 224);
}
BENCHMARK(one_by_one)->Unit(benchmark::kMillisecond)->UseRealTime();

void presizing_joined(benchmark::State& state) {
  auto list = linnet::aug_transforms(kPresizing);
  list.sort();
  run(state, linnet::joined(list), 460);
}
BENCHMARK(presizing_joined)->Unit(benchmark::kMillisecond)->UseRealTime();

void presizing_one_by_one(benchmark::State& state) {
  auto list = linnet::aug_transforms(kPresizing);
  list.sort();
  run(state, {list.begin(), list.end()}, 460);
}
BENCHMARK(presizing_one_by_one)->Unit(benchmark::kMillisecond)->UseRealTime();

void resnet18_step(benchmark::State& state) {
  const Batch batch = batch_of(224);
  linnet::Stack net(linnet::models::resnet18_body(3), linnet::create_head(512, 37));
  net->to(torch::kCPU, torch::kFloat);
  for (auto& parameter : net->parameters()) {
    if (parameter.dim() == 4) {
      parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
    }
  }
  for (auto _ : state) {
    net->forward(batch.x[0].data).sum().backward();
    net->zero_grad();
  }
  state.SetItemsProcessed(state.iterations() * kItems);
}
BENCHMARK(resnet18_step)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(2);

}  // namespace
