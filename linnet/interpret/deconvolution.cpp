#include "linnet/interpret/deconvolution.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

namespace {

using torch::autograd::Node;
using torch::autograd::variable_list;

// Autograd's names, without the number at their end, of what lets through the positive.
constexpr std::array<std::string_view, 11> kRectifiers = {
    "ReluBackward", "ThresholdBackward", "LeakyReluBackward", "PreluBackward",
    "EluBackward",  "CeluBackward",      "HardtanhBackward",  "GeluBackward",
    "SiluBackward", "MishBackward",      "HardswishBackward"};

bool is_rectifier(const Node& node) {
  const std::string name = node.name();
  return std::any_of(kRectifiers.begin(), kRectifiers.end(),
                     [&](std::string_view begin) { return name.starts_with(begin); });
}

/** Runs after a rectifier's own step back, and replaces what that gave. */
class Rectify final : public torch::autograd::FunctionPostHook {
 public:
  explicit Rectify(BackwardRule rule) : rule_(rule) {}

  variable_list operator()(const variable_list& gradients, const variable_list& signals) override {
    variable_list changed = gradients;
    if (changed.empty() || !changed[0].defined() || signals.empty() || !signals[0].defined()) {
      return changed;
    }
    const auto& kept = rule_ == BackwardRule::deconvolution ? signals[0] : gradients[0];
    changed[0] = kept.clamp_min(0);
    return changed;
  }

 private:
  BackwardRule rule_;
};

// The graph is of one forward and goes with it, so nothing has to be undone.
void set_rule(const torch::Tensor& output, BackwardRule rule) {
  std::vector<Node*> waiting = {output.grad_fn().get()};
  std::unordered_set<const Node*> met;
  while (!waiting.empty()) {
    Node* node = waiting.back();
    waiting.pop_back();
    if (node == nullptr || !met.insert(node).second) continue;
    if (is_rectifier(*node)) node->add_post_hook(std::make_unique<Rectify>(rule));
    for (const auto& edge : node->next_edges()) waiting.push_back(edge.function.get());
  }
}

}  // namespace

torch::Tensor project_back(const TensorFunction& layers, const torch::Tensor& x,
                           const TensorFunction& signal, BackwardRule rule) {
  const torch::AutoGradMode with_gradient(true);
  const auto leaf = x.detach().requires_grad_();
  const auto output = layers(leaf.clone());  // a layer may work in place
  const auto sent = signal(output.detach());
  if (sent.sizes() != output.sizes()) {
    throw UsageError("project_back",
                     fmt::format("got a signal [{}] for an output [{}]",
                                 fmt::join(sent.sizes(), ", "), fmt::join(output.sizes(), ", ")));
  }
  if (!output.requires_grad()) return torch::zeros_like(x);
  if (rule != BackwardRule::gradient) set_rule(output, rule);
  const auto back = torch::autograd::grad({output}, {leaf}, {sent}, /*retain_graph=*/false,
                                          /*create_graph=*/false, /*allow_unused=*/true);
  return back[0].defined() ? back[0] : torch::zeros_like(x);
}

}  // namespace linnet
