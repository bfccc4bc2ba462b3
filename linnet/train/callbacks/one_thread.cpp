#include "linnet/train/callbacks/one_thread.h"

#include <torch/nn/modules/embedding.h>

#include <algorithm>

#include "linnet/core/device.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

// In multiplications of a forward pass, about a millisecond of one core for a whole step.
constexpr double kSmall = 16e6;
constexpr double kOptimizer = 8;  // what a parameter costs in a step, in these

double step_size(const Learner& learn) {
  const DataLoader& loader = learn.dls().train();
  const double rows = static_cast<double>(loader.items()) /
                      static_cast<double>(std::max<int64_t>(1, loader.batches()));
  double size = 0;
  for (const auto& module : learn.network().module().modules()) {
    const bool looked_up = module->as<torch::nn::Embedding>() != nullptr;
    for (const auto& parameter : module->parameters(/*recurse=*/false)) {
      size += static_cast<double>(parameter.numel()) * (kOptimizer + (looked_up ? 0 : rows));
    }
  }
  return size;
}

}  // namespace

void OneThread::before_fit(Learner& learn) {
  if (step_size(learn) < kSmall) before_ = set_threads_here(1);
}

void OneThread::cleanup(Learner&) noexcept {
  if (before_) set_threads_here(*before_);
  before_.reset();
}

const Registered<CallbackEntry> one_thread_entry{callback_entry<OneThread>("one_thread")};

}  // namespace linnet
