#include "linnet/nn/loss.h"

#include <fmt/format.h>

#include <vector>

#include "linnet/core/error.h"

namespace linnet {

template <>
Registry<LossEntry>& registry<LossEntry>() {
  static Registry<LossEntry> rows("loss");
  return rows;
}

Loss make_loss(std::string_view name, const Json& config) {
  return registry<LossEntry>().at(name).make(config);
}

namespace {

class FunctionLoss final : public Loss::Impl {
 public:
  FunctionLoss(Loss::Function function, Loss::Parts parts)
      : function_(std::move(function)), parts_(std::move(parts)) {}

  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    const auto losses = function_(pred, target);
    if (!losses.defined()) throw UsageError(parts_.name, "the function gave no tensor");
    const int64_t items = pred.size(0);
    const bool each = losses.dim() > 0 && losses.size(0) == items;
    if (!each && losses.numel() != 1) {
      throw UsageError(parts_.name,
                       fmt::format("the function gave {} numbers for {} items, expected one, "
                                   "their mean, or one an item",
                                   losses.numel(), items));
    }
    if (reduction == Reduction::mean) return losses.mean();
    if (reduction == Reduction::none) return each ? losses.flatten() : one_by_one(pred, target);
    return each ? losses.sum() : losses.reshape({}) * static_cast<double>(items);
  }
  torch::Tensor activation(const torch::Tensor& pred) const override {
    return parts_.activation ? parts_.activation(pred) : pred;
  }
  torch::Tensor decodes(const torch::Tensor& activated) const override {
    return parts_.decodes ? parts_.decodes(activated) : activated;
  }
  std::string_view name() const override { return parts_.name; }

 private:
  torch::Tensor one_by_one(const torch::Tensor& pred, const torch::Tensor& target) const {
    std::vector<torch::Tensor> losses;
    for (int64_t i = 0; i < pred.size(0); ++i)
      losses.push_back(function_(pred.narrow(0, i, 1), target.narrow(0, i, 1)).mean());
    return torch::stack(losses);
  }

  Loss::Function function_;
  Loss::Parts parts_;
};

}  // namespace

Loss Loss::from(Function function, Parts parts) {
  if (!function) throw UsageError("Loss::from", "got no function");
  return Loss(std::make_shared<FunctionLoss>(std::move(function), std::move(parts)));
}

}  // namespace linnet
