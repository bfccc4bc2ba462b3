#include "linnet/train/callbacks/mixed_precision.h"

#include <fstream>
#include <string>

#include "linnet/core/device.h"
#include "linnet/core/torch_compat.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

Precision best_precision() {
  if (default_device().is_cuda()) return Precision::bfloat16;  // every GPU since 2020
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("flags")) {
      const bool native = line.find(" avx512_bf16") != std::string::npos ||
                          line.find(" amx_bf16") != std::string::npos;
      return native ? Precision::bfloat16 : Precision::float32;
    }
  }
  return Precision::float32;
}

void MixedPrecision::before_batch(Learner& learn) {
  compat::set_autocast_bfloat16(learn.device(), true);
  inside_ = true;
  device_ = learn.device();
}

void MixedPrecision::after_pred(Learner& learn) {
  leave();
  learn.state().pred = learn.state().pred.to(torch::kFloat);
}

void MixedPrecision::cleanup(Learner&) noexcept { leave(); }

void MixedPrecision::leave() noexcept {
  if (inside_) compat::set_autocast_bfloat16(device_, false);
  inside_ = false;
}

const Registered<CallbackEntry> mixed_precision_entry{
    callback_entry<MixedPrecision>("mixed_precision")};

}  // namespace linnet
