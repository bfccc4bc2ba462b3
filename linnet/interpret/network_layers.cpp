#include "linnet/interpret/network_layers.h"

#include <torch/nn/modules/conv.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "linnet/core/error.h"
#include "linnet/nn/stack.h"

namespace linnet {

namespace {

constexpr const char* kNetworkLayersWhere = "NetworkLayers";
constexpr size_t kStages = NetworkLayers::kCount - 1;

const StackImpl* as_stack(const torch::nn::Module& module) {
  return dynamic_cast<const StackImpl*>(&module);
}

bool is_stack(const std::shared_ptr<torch::nn::Module>& module) {
  return as_stack(*module) != nullptr;
}

[[noreturn]] void refuse(const std::string& what) {
  throw UsageError(kNetworkLayersWhere,
                   what +
                       ". Expected a residual network: a stem and four stages, as resnet18 "
                       "to resnet152 and xresnet have them.");
}

bool has_stages(const StackImpl& stack) {
  const auto children = stack.children();
  const auto stacks = std::count_if(children.begin(), children.end(), is_stack);
  return stacks >= static_cast<std::ptrdiff_t>(kStages) && children.size() > kStages;
}

// The list that holds the stages: the model itself, or the first of a body and a head.
const StackImpl& body_of(const torch::nn::Module& model) {
  const StackImpl* stack = as_stack(model);
  if (stack != nullptr && has_stages(*stack)) return *stack;
  if (stack != nullptr && !stack->is_empty()) {
    const StackImpl* first = as_stack(*stack->children().front());
    if (first != nullptr && has_stages(*first)) return *first;
  }
  refuse("this model has no four stages");
}

torch::Tensor first_convolution(const StackImpl& body) {
  for (const auto& module : body.modules()) {
    if (const auto* conv = dynamic_cast<const torch::nn::Conv2dImpl*>(module.get())) {
      return conv->weight.detach();
    }
  }
  refuse("this model has no convolution");
}

}  // namespace

NetworkLayers::NetworkLayers(const torch::nn::Module& model) {
  const StackImpl& body = body_of(model);
  if (model.is_training()) {
    throw UsageError(kNetworkLayersWhere,
                     "the model is in training mode, where BatchNorm mixes pictures: ask after the "
                     "fit, or call eval() first");
  }
  first_filters_ = first_convolution(body);
  std::vector<size_t> stages;
  for (const auto& step : body) {
    if (is_stack(step.ptr())) stages.push_back(steps_.size());
    steps_.push_back(step);
  }
  const size_t first = stages.size() - kStages;  // xresnet's stem has lists of its own
  ends_[0] = stages[first];
  for (size_t i = 0; i < kStages; ++i) ends_.at(i + 1) = stages[first + i] + 1;
  if (&body == &model) return;
  const auto& parts = *as_stack(model);
  steps_.insert(steps_.end(), parts.begin() + 1, parts.end());
}

torch::Tensor NetworkLayers::run(size_t from, size_t to, torch::Tensor x) const {
  for (size_t i = from; i < to; ++i) {
    auto step = steps_[i];  // shares the module; a forward through it is not const
    x = step.forward(x);
  }
  return x;
}

void NetworkLayers::check(int64_t layer) {
  if (layer >= 1 && layer <= kCount) return;
  throw UsageError(
      kNetworkLayersWhere,
      fmt::format("layer: got {}, expected 1 (the stem) to {} (the last stage)", layer, kCount));
}

torch::Tensor NetworkLayers::output(int64_t layer, const torch::Tensor& x) const {
  check(layer);
  return run(0, ends_.at(static_cast<size_t>(layer - 1)), x);
}

std::vector<torch::Tensor> NetworkLayers::outputs(int64_t last, const torch::Tensor& x) const {
  check(last);
  std::vector<torch::Tensor> found;
  size_t from = 0;
  for (size_t i = 0; i < static_cast<size_t>(last); ++i) {
    found.push_back(run(from, ends_.at(i), found.empty() ? x : found.back()));
    from = ends_.at(i);
  }
  return found;
}

torch::Tensor NetworkLayers::scores(const torch::Tensor& features) const {
  if (ends_.back() == steps_.size()) {
    throw UsageError(kNetworkLayersWhere, "this is a body without a head: it gives no scores");
  }
  return run(ends_.back(), steps_.size(), features);
}

torch::Tensor NetworkLayers::first_filters() const { return first_filters_; }

}  // namespace linnet
