#include "linnet/nn/losses/binary_cross_entropy.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/nn/losses/flat.h"

namespace linnet::losses {
namespace {

class BceWithLogits final : public Loss::Impl {
 public:
  explicit BceWithLogits(BceWithLogitsOptions options) : options_(std::move(options)) {}

  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    auto [scores, truth] = detail::flatten_numbers(name(), pred, target);
    const auto pos_weight = detail::on_device_of(options_.pos_weight, pred);
    if (pos_weight) {
      if (pred.size(-1) != pos_weight->numel()) {
        throw UsageError(
            name(),
            fmt::format("pred: got {} labels on its last axis, expected {}, as pos_weight has",
                        pred.size(-1), pos_weight->numel()));
      }
      scores = pred;
      truth = truth.view_as(pred);
    }
    return torch::binary_cross_entropy_with_logits(scores, truth, /*weight=*/{}, pos_weight,
                                                   detail::at_reduction(reduction));
  }
  torch::Tensor activation(const torch::Tensor& pred) const override { return pred.sigmoid(); }
  torch::Tensor decodes(const torch::Tensor& activated) const override {
    return activated > options_.thresh;
  }
  std::string_view name() const override { return "bce_with_logits"; }
  Json config() const override {
    return {{"thresh", options_.thresh},
            {"pos_weight", detail::weight_to_json(options_.pos_weight)}};
  }

 private:
  BceWithLogitsOptions options_;
};

/** UsageError, on the CPU, for numbers that are no probabilities: scores given by mistake. */
void require_probabilities(const torch::Tensor& probs) {
  if (!probs.device().is_cpu()) return;
  const double low = probs.min().item<double>(), high = probs.max().item<double>();
  if (low >= 0 && high <= 1) return;
  throw UsageError(
      "bce", fmt::format("pred: got numbers from {:.4g} to {:.4g}, expected probabilities, 0 to 1. "
                         "bce_with_logits takes scores.",
                         low, high));
}

class Bce final : public Loss::Impl {
 public:
  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    const auto [probs, truth] = detail::flatten_numbers(name(), pred, target);
    require_probabilities(probs.detach());
    return torch::binary_cross_entropy(probs, truth, /*weight=*/{},
                                       detail::at_reduction(reduction));
  }
  std::string_view name() const override { return "bce"; }
};

}  // namespace

Loss bce_with_logits(const BceWithLogitsOptions& options) {
  return Loss(std::make_shared<BceWithLogits>(options));
}

Loss bce() { return Loss(std::make_shared<Bce>()); }

const Registered<LossEntry> bce_with_logits_entry{
    {"bce_with_logits", [](const Json& config) {
       return bce_with_logits(
           {.thresh = detail::config_double(config, "thresh", BceWithLogitsOptions().thresh),
            .pos_weight = detail::weight_from_json(config, "pos_weight")});
     }}};
const Registered<LossEntry> bce_entry{{"bce", [](const Json&) { return bce(); }}};

}  // namespace linnet::losses
