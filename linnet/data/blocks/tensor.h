#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "linnet/data/block.h"

namespace linnet {

/** A tensor as it is, in its dtype and shape: what a data set of your own gives. Numbers, and lists
 * of numbers, become float32. Tensors of one batch have one shape.
 *
 *      const CategoryBlock kind({.vocab = {"sine", "square"}});
 *      const Pipeline pipeline({.blocks = {TensorBlock(), kind}});
 *
 *  As a target it names no loss: give one to the learner.
 *  source  fastai 2.7 TransformBlock without transforms
 */
class TensorBlock final : public BlockImpl {
 public:
  /** `c` as a target: how many outputs a model needs for it. */
  explicit TensorBlock(std::optional<int64_t> c = std::nullopt) : c_(c) {}

  std::string_view name() const override { return "tensor"; }
  Kind kind() const override { return Kind::tensor; }
  Json config() const override;
  Value encode(const Value& source) const override;
  int64_t c() const override;
  Label decode(const torch::Tensor& prediction) const override;

 private:
  std::optional<int64_t> c_;
};

}  // namespace linnet
