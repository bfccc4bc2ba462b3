// Training steps as `linnet train` makes them, without its loader: random pictures of 224 x 224 in
// batches of 64; forward, backward, Adam and the loop's callbacks.
//   frozen    the body is frozen, but its BatchNorm trains: gradients go down through all
//             convolutions, their weights get none: 2 forward passes' work
//   whole     everything trains: 3 forward passes' work
//   share     of the measured peak: the best product of two large matrices of that precision
#include <benchmark/benchmark.h>
#include <torch/utils.h>

#include "../core/machine.h"
#include "linnet/core/registry.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/models/model_entry.h"
#include "linnet/nn/losses/cross_entropy.h"
#include "linnet/train/callbacks/channels_last.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/vision/learner.h"

namespace linnet {
namespace {

constexpr int64_t kBatch = 64;
constexpr int64_t kSteps = 5;  // the first two are for warming up

// When each training step begins.
class StepClock final : public Callback {
 public:
  std::string_view name() const override { return "step_clock"; }
  bool run_valid() const override { return false; }
  void before_batch(Learner&) override { times_.push_back(std::chrono::steady_clock::now()); }
  void after_train(Learner&) override { times_.push_back(std::chrono::steady_clock::now()); }

  double median_step() const {
    std::vector<double> seconds;
    for (size_t i = 3; i < times_.size(); ++i)
      seconds.push_back(std::chrono::duration<double>(times_[i] - times_[i - 1]).count());
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
  }

 private:
  std::vector<std::chrono::steady_clock::time_point> times_;
};

std::shared_ptr<const DataLoader> random_pictures(int64_t n, LoaderOptions options) {
  options.bs = kBatch;
  return std::make_shared<TensorLoader>(std::vector<torch::Tensor>{torch::rand({n, 3, 224, 224})},
                                        std::vector<torch::Tensor>{torch::randint(2, {n})},
                                        options);
}

// The callbacks are those of app/recogniser.cpp, the optimizer and BatchNorm vision_learner's own.
Learner learner(const ModelEntry& arch, Precision precision) {
  LoaderOptions training;
  training.split = Split::train;
  training.shuffle = true;
  VisionLearnerOptions options;
  options.weights = Weights::none();
  options.normalize = false;
  options.n_out = 2;
  options.loss = losses::cross_entropy();
  options.reporter = &silent_reporter();
  if (precision != Precision::float32)
    options.callbacks.push_back(std::make_shared<MixedPrecision>(precision));
  options.callbacks.push_back(std::make_shared<ChannelsLast>());
  return vision_learner(
      DataLoaders(random_pictures(kBatch * kSteps, training), random_pictures(2, {})), arch,
      options);
}

void step(benchmark::State& state, const char* arch, double forward_gflop, Precision precision,
          bool frozen) {
  bench::as_the_program();
  torch::manual_seed(1);
  const double peak =
      bench::peak_gflops(precision == Precision::float32 ? torch::kFloat32 : torch::kBFloat16);
  Learner learn = learner(registry<ModelEntry>().at(arch), precision);
  if (frozen) learn.freeze();
  const auto clock = std::make_shared<StepClock>();
  for (auto _ : state) {
    FitOptions options;
    options.callbacks = {clock};
    learn.fit(1, options);
    state.SetIterationTime(clock->median_step());
  }
  const double rate = kBatch / clock->median_step();
  const double gflops = rate * forward_gflop * (frozen ? 2 : 3);
  state.counters["pictures/s"] = rate;
  state.counters["GFLOP/s"] = gflops;
  state.counters["share"] = gflops / peak;
}

void runs(benchmark::internal::Benchmark* benchmark) {
  benchmark->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);
}

// One forward pass of a picture, in GFLOP (a multiplication and an addition are two).
constexpr double kResnet18 = 3.6;
constexpr double kResnet34 = 7.3;

using enum Precision;
BENCHMARK_CAPTURE(step, resnet18_bfloat16_frozen, "resnet18", kResnet18, bfloat16, true)
    ->Apply(runs);
BENCHMARK_CAPTURE(step, resnet18_bfloat16_whole, "resnet18", kResnet18, bfloat16, false)
    ->Apply(runs);
BENCHMARK_CAPTURE(step, resnet18_float32_frozen, "resnet18", kResnet18, float32, true)->Apply(runs);
BENCHMARK_CAPTURE(step, resnet18_float32_whole, "resnet18", kResnet18, float32, false)->Apply(runs);
BENCHMARK_CAPTURE(step, resnet34_bfloat16_frozen, "resnet34", kResnet34, bfloat16, true)
    ->Apply(runs);
BENCHMARK_CAPTURE(step, resnet34_bfloat16_whole, "resnet34", kResnet34, bfloat16, false)
    ->Apply(runs);
BENCHMARK_CAPTURE(step, resnet34_float32_frozen, "resnet34", kResnet34, float32, true)->Apply(runs);
BENCHMARK_CAPTURE(step, resnet34_float32_whole, "resnet34", kResnet34, float32, false)->Apply(runs);

}  // namespace
}  // namespace linnet
