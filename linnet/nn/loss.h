#pragma once

#include <torch/types.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "linnet/core/json.h"
#include "linnet/core/registry.h"

namespace linnet {

/** What becomes of the losses of single items. `none` keeps them, flattened. */
enum class Reduction { mean, sum, none };

/** A loss with what belongs to it: the activation that turns scores into what people read, and the
 * decision. A value that shares a const implementation, so it may be copied and used from many
 * threads.
 *
 *      Loss loss = losses::cross_entropy();
 *      loss(pred, target).backward();
 *      loss.activation(pred);               // probabilities
 *      loss.decodes(loss.activation(pred)); // class numbers
 */
class Loss {
 public:
  /** What a loss implements. */
  class Impl {
   public:
    virtual ~Impl() = default;
    virtual torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                                  Reduction reduction) const = 0;
    virtual torch::Tensor activation(const torch::Tensor& pred) const { return pred; }
    virtual torch::Tensor decodes(const torch::Tensor& activated) const { return activated; }
    virtual Reduction default_reduction() const { return Reduction::mean; }
    virtual bool class_targets() const { return false; }
    virtual std::string_view name() const = 0;
    virtual Json config() const { return Json::object(); }
  };

  explicit Loss(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

  /** (pred, target) to the mean loss, or to one number an item. */
  using Function = std::function<torch::Tensor(const torch::Tensor&, const torch::Tensor&)>;
  /** What a function does not say of itself. */
  struct Parts {
    std::string name = "function";
    std::function<torch::Tensor(const torch::Tensor&)> activation = nullptr;  // else unchanged
    std::function<torch::Tensor(const torch::Tensor&)> decodes = nullptr;     // else unchanged
  };
  /** A loss of the caller's own, without a class: `{.loss = [](const torch::Tensor& pred, const
   * torch::Tensor& target) { return (pred - target).abs().mean(); }}`. Asked for the losses of
   * single items, one that gives a mean is called for each. A learner with it is not exported, as
   * no file holds its code.
   *  errors  UsageError, when it is computed, for a function that gives neither one number nor as
   *          many as there are items */
  static Loss from(Function function) { return from(std::move(function), Parts()); }
  static Loss from(Function function, Parts parts);
  // NOLINTBEGIN(google-explicit-constructor, bugprone-forwarding-reference-overload)
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Loss> && std::convertible_to<F, Function>)
      Loss(F&& function)
      : Loss(from(Function(std::forward<F>(function)))) {}
  // NOLINTEND(google-explicit-constructor, bugprone-forwarding-reference-overload)

  /** UsageError when pred and target do not fit each other, have no rows, or a class number is out
   * of range (looked at on the CPU only). */
  torch::Tensor operator()(const torch::Tensor& pred, const torch::Tensor& target,
                           Reduction reduction) const {
    return impl_->forward(pred, target, reduction);
  }
  /** By the loss's own reduction: the mean, but for dice, which sums. */
  torch::Tensor operator()(const torch::Tensor& pred, const torch::Tensor& target) const {
    return impl_->forward(pred, target, impl_->default_reduction());
  }

  /** The model's output as people read it: softmax, sigmoid, or unchanged. Same shape. */
  torch::Tensor activation(const torch::Tensor& pred) const { return impl_->activation(pred); }
  /** The decision on what `activation` gave: class numbers, true or false, or unchanged. */
  torch::Tensor decodes(const torch::Tensor& activated) const { return impl_->decodes(activated); }

  /** Whether the target is one class number an item, so that MixUp mixes losses and not targets
   * (fastai's y_int). */
  bool class_targets() const { return impl_->class_targets(); }

  /** What becomes of the losses of single items when nothing else is asked for. */
  Reduction default_reduction() const { return impl_->default_reduction(); }

  std::string_view name() const { return impl_->name(); }
  /** The options, for a saved learner: `make_loss(name(), config())` gives the same loss. */
  Json config() const { return impl_->config(); }

 private:
  std::shared_ptr<const Impl> impl_;
};

/** A loss by name, rebuilt from what its `config` gave; a missing member takes its default. */
struct LossEntry {
  std::string_view name;
  Loss (*make)(const Json& config);
};

template <>
Registry<LossEntry>& registry<LossEntry>();

/** UsageError that offers the nearest names when there is no loss of that name. */
Loss make_loss(std::string_view name, const Json& config = Json::object());

}  // namespace linnet
