#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <vector>

#include "linnet/data/loader.h"

namespace linnet::test {

/** Rows of `x` and `y` in their order, cut into batches of the given sizes: the same on every
 * pass. An undefined `y` gives batches without labels. */
class SlicesLoader final : public DataLoader {
 public:
  SlicesLoader(torch::Tensor x, torch::Tensor y, std::vector<int64_t> batch_sizes);

  int64_t batches() const override { return static_cast<int64_t>(sizes_.size()); }
  int64_t items() const override;
  std::unique_ptr<BatchStream> stream(int64_t epoch) const override;

 private:
  torch::Tensor x_;
  torch::Tensor y_;
  std::vector<int64_t> sizes_;
};

std::shared_ptr<const DataLoader> slices(const torch::Tensor& x, const torch::Tensor& y,
                                         const std::vector<int64_t>& batch_sizes);

/** Gives back what it gets, so that a loader's rows are its predictions. */
struct EchoImpl : torch::nn::Module {
  EchoImpl() : scale(register_parameter("scale", torch::ones({1}))) {}
  torch::Tensor forward(const torch::Tensor& x) { return x; }
  torch::Tensor scale;  // a learner wants a parameter
};
TORCH_MODULE(Echo);

}  // namespace linnet::test
