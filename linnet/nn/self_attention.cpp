#include "linnet/nn/self_attention.h"

#include <torch/nn/modules/conv.h>
#include <torch/utils.h>

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/nn/seen_whole.h"

namespace linnet {

namespace nn = torch::nn;

namespace {

constexpr double kEps = 1e-12;
constexpr int64_t kNarrower = 8;  // how much fewer channels the comparison of pixels takes

torch::Tensor unit(const torch::Tensor& vector) { return vector / vector.norm().clamp_min(kEps); }

}  // namespace

SpectralConv1dImpl::SpectralConv1dImpl(int64_t in, int64_t out) {
  const nn::Conv1d first(nn::Conv1dOptions(in, out, 1).bias(false));
  weight_ = register_parameter("weight_orig", first->weight.detach());
  u_ = register_buffer("weight_u", unit(torch::randn({out})));
  v_ = register_buffer("weight_v", unit(torch::randn({in})));
}

torch::Tensor SpectralConv1dImpl::forward(const torch::Tensor& x) {
  return detail::seen_whole(*this, [&] { return torch::conv1d(x, normed_weight()); });
}

torch::Tensor SpectralConv1dImpl::normed_weight() {
  const auto matrix = weight_.flatten(1);
  if (is_training()) {
    const torch::NoGradGuard no_grad;
    v_.copy_(unit(matrix.t().mv(u_)));
    u_.copy_(unit(matrix.mv(v_)));
  }
  // Copies, because the next forward changes both before this one's gradient is taken.
  const auto largest = (u_.clone() * matrix.mv(v_.clone())).sum();
  return weight_ / largest;
}

SelfAttentionImpl::SelfAttentionImpl(int64_t channels) {
  if (channels < kNarrower) {
    throw UsageError("SelfAttention",
                     fmt::format("channels: got {}, expected {} or more", channels, kNarrower));
  }
  gamma_ = register_parameter("gamma", torch::zeros({1}));
  query_ = register_module("query", Stack(SpectralConv1d(channels, channels / kNarrower)));
  key_ = register_module("key", Stack(SpectralConv1d(channels, channels / kNarrower)));
  value_ = register_module("value", Stack(SpectralConv1d(channels, channels)));
}

torch::Tensor SelfAttentionImpl::forward(const torch::Tensor& x) {
  const auto pixels = x.flatten(2);
  const auto alike = query_->forward(pixels).transpose(1, 2).bmm(key_->forward(pixels));
  const auto seen = value_->forward(pixels).bmm(alike.softmax(1));
  return detail::seen_whole(*this, [&] { return (gamma_ * seen + pixels).reshape(x.sizes()); });
}

}  // namespace linnet
