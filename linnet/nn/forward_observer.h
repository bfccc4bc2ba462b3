#pragma once

#include <torch/nn/module.h>

#include <functional>
#include <memory>

namespace linnet {

/** Sees what the layers of a model give, in the forwards of this thread while it lives: LibTorch's
 * C++ modules have no hooks. Seen are layers with parameters of their own, wherever they are used,
 * and layers without any in a Stack.
 *
 *      Stack body = models::resnet18_body(3);
 *      ForwardObserver observer(*body, [](const torch::nn::Module& layer, const torch::Tensor& out)
 *                                      { std::cout << layer.name() << out.sizes() << '\n'; });
 *      body->forward(x);
 *
 *  One at a time on a thread; the innermost counts. The output is part of the graph: its gradient
 * can be retained.
 */
class ForwardObserver {
 public:
  using Seen = std::function<void(const torch::nn::Module& layer, const torch::Tensor& output)>;

  ForwardObserver(const torch::nn::Module& model, Seen seen);
  ~ForwardObserver();
  ForwardObserver(const ForwardObserver&) = delete;
  ForwardObserver& operator=(const ForwardObserver&) = delete;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

namespace detail {

/** Tells this thread's observer, if there is one, of a layer without parameters. */
void tell_observer(const torch::nn::Module& layer, const torch::Tensor& output);

/** Whether there is one: then no layers are computed in one step. */
bool is_observed();

}  // namespace detail
}  // namespace linnet
