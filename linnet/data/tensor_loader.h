#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "linnet/data/loader.h"

namespace linnet {

/** Batches of tensors that are in memory already: rows of `x` and `y`, whose first dimensions
 * agree. */
class TensorLoader final : public DataLoader {
 public:
  TensorLoader(std::vector<torch::Tensor> x, std::vector<torch::Tensor> y, LoaderOptions options);

  int64_t batches() const override;
  int64_t items() const override;
  std::unique_ptr<BatchStream> stream(int64_t epoch) const override {
    return stream_from(epoch, 0);
  }
  std::unique_ptr<BatchStream> stream_from(int64_t epoch, int64_t first) const override;
  std::shared_ptr<const DataLoader> in_order(std::optional<Split> treated_as) const override;

 private:
  std::vector<torch::Tensor> x_;
  std::vector<torch::Tensor> y_;
  LoaderOptions options_;
};

}  // namespace linnet
