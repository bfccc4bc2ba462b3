#include "linnet/nn/losses/label_smoothing.h"

#include "linnet/nn/losses/flat.h"

namespace linnet::losses {
namespace {

class LabelSmoothing final : public Loss::Impl {
 public:
  explicit LabelSmoothing(LabelSmoothingOptions options) : options_(std::move(options)) {}

  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    const auto [scores, classes] =
        detail::flatten_classes({name(), pred, target, options_.axis, kNoIgnored});
    const torch::Tensor log_probs = scores.log_softmax(-1);
    const torch::Tensor spread = detail::reduce(log_probs.sum(-1).neg(), reduction);
    const torch::Tensor at_target =
        torch::nll_loss(log_probs, classes, detail::on_device_of(options_.weight, pred),
                        detail::at_reduction(reduction), kNoIgnored);
    return spread * (options_.eps / static_cast<double>(scores.size(-1))) +
           at_target * (1 - options_.eps);
  }
  torch::Tensor activation(const torch::Tensor& pred) const override {
    return pred.softmax(options_.axis);
  }
  torch::Tensor decodes(const torch::Tensor& activated) const override {
    return activated.argmax(options_.axis);
  }
  bool class_targets() const override { return true; }
  std::string_view name() const override { return "label_smoothing_cross_entropy"; }
  Json config() const override {
    return {{"eps", options_.eps},
            {"axis", options_.axis},
            {"weight", detail::weight_to_json(options_.weight)}};
  }

 private:
  static constexpr int64_t kNoIgnored = -100;  // LibTorch's own default
  LabelSmoothingOptions options_;
};

}  // namespace

Loss label_smoothing_cross_entropy(const LabelSmoothingOptions& options) {
  return Loss(std::make_shared<LabelSmoothing>(options));
}

const Registered<LossEntry> label_smoothing_entry{
    {"label_smoothing_cross_entropy", [](const Json& config) {
       const LabelSmoothingOptions defaults;
       return label_smoothing_cross_entropy(
           {.eps = detail::config_double(config, "eps", defaults.eps),
            .axis = detail::config_int(config, "axis", defaults.axis),
            .weight = detail::weight_from_json(config)});
     }}};

}  // namespace linnet::losses
