#include "linnet/models/unet_block.h"

#include "linnet/nn/self_attention.h"

namespace linnet::detail {

torch::Tensor nearest_to(const torch::Tensor& x, const torch::Tensor& like) {
  const int64_t height = like.size(2), width = like.size(3);
  if (x.size(2) == height && x.size(3) == width) return x;
  return torch::upsample_nearest2d(x, {height, width});
}

UnetBlockImpl::UnetBlockImpl(int64_t below, int64_t skip, const UnetBlockOptions& options)
    : channels_((below / 2 + skip) / (options.last ? 2 : 1)),
      shuf_(below, below / 2,
            PixelShuffleOptions{
                .blur = options.blur, .norm = options.conv.norm, .act = options.conv.act}),
      bn_(batch_norm_2d(skip)),
      act_(activation_layer(options.conv.act)) {
  conv1_ = conv_layer(below / 2 + skip, channels_, options.conv);
  conv2_ = conv_layer(channels_, channels_, options.conv);
  if (options.self_attention) conv2_->push_back(SelfAttention(channels_));
  init_convolutions(*conv1_);
  init_convolutions(*conv2_);
  register_module("shuf", shuf_);
  register_module("bn", bn_);
  register_module("conv1", conv1_);
  register_module("conv2", conv2_);
}

torch::Tensor UnetBlockImpl::forward(const torch::Tensor& below, const torch::Tensor& skip) {
  const auto up = nearest_to(shuf_->forward(below), skip);
  const auto both = act_.forward(torch::cat({up, bn_->forward(skip)}, 1));
  return conv2_->forward(conv1_->forward(both));
}

std::function<torch::Tensor(const torch::Tensor&, const torch::Tensor&)> UnetBlockImpl::folded(
    torch::ScalarType dtype) const {
  return [shuf = folded_stack(*shuf_, dtype), bn = bn_, act = act_,
          conv1 = folded_stack(*conv1_, dtype), conv2 = folded_stack(*conv2_, dtype)](
             const torch::Tensor& below, const torch::Tensor& skip) mutable {
    const auto up = nearest_to(shuf(below).to(torch::kFloat), skip);
    const auto both = act.forward(torch::cat({up, bn->forward(skip.to(torch::kFloat))}, 1));
    return conv2(conv1(both));
  };
}

}  // namespace linnet::detail
