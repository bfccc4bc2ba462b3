#include "linnet/models/res_block.h"

namespace linnet::detail {

ResBlockImpl::ResBlockImpl(int64_t in, int64_t out, const ConvLayerOptions& conv)
    : act_(activation_layer(conv.act)) {
  ConvLayerOptions second = conv;
  second.zero_norm = true;
  second.act = Activation::none;
  convpath_ =
      register_module("convpath", Stack(conv_layer(in, out, conv), conv_layer(out, out, second)));
  if (in != out) idpath_->push_back(conv_layer(in, out, {.ks = 1, .act = Activation::none}));
  register_module("idpath", idpath_);
}

torch::Tensor ResBlockImpl::forward(const torch::Tensor& x) {
  const auto shortcut = idpath_->is_empty() ? x : idpath_->forward(x);
  return act_.forward(convpath_->forward(x) + shortcut);
}

FoldedForward ResBlockImpl::folded(torch::ScalarType dtype) const {
  const auto path = folded_stack(*convpath_, dtype);
  const auto shortcut = idpath_->is_empty() ? nullptr : folded_stack(*idpath_, dtype);
  return [path, shortcut, act = act_](const torch::Tensor& x) mutable {
    return act.forward((path(x) + (shortcut ? shortcut(x) : x)).to(torch::kFloat));
  };
}

}  // namespace linnet::detail
