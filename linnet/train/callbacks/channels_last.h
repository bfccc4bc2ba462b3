#pragma once

#include <torch/types.h>

#include <vector>

#include "linnet/train/callback.h"

namespace linnet {

/** Keeps pictures and convolution weights in the memory order height, width, channels during a fit,
 * which many processors convolve faster. The numbers are the same; afterwards the weights lie as
 * before. source  fastai 2.7 ChannelsLast
 */
class ChannelsLast final : public Callback {
 public:
  std::string_view name() const override { return "channels_last"; }
  double order() const override { return -1; }
  void before_fit(Learner& learn) override;
  void before_batch(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;

 private:
  std::vector<torch::Tensor> changed_;  // weights that lay in the ordinary order
};

}  // namespace linnet
