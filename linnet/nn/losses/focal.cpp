#include "linnet/nn/losses/focal.h"

#include "linnet/nn/losses/flat.h"

namespace linnet::losses {
namespace {

class Focal final : public Loss::Impl {
 public:
  explicit Focal(FocalOptions options) : options_(std::move(options)) {}

  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    const auto [scores, classes] =
        detail::flatten_classes({name(), pred, target, options_.axis, kNoIgnored});
    const torch::Tensor ce =
        torch::cross_entropy_loss(scores, classes, detail::on_device_of(options_.weight, pred),
                                  at::Reduction::None, kNoIgnored);
    return detail::reduce((1 - ce.neg().exp()).pow(options_.gamma) * ce, reduction);
  }
  torch::Tensor activation(const torch::Tensor& pred) const override {
    return pred.softmax(options_.axis);
  }
  torch::Tensor decodes(const torch::Tensor& activated) const override {
    return activated.argmax(options_.axis);
  }
  bool class_targets() const override { return true; }
  std::string_view name() const override { return "focal"; }
  Json config() const override {
    return {{"gamma", options_.gamma},
            {"axis", options_.axis},
            {"weight", detail::weight_to_json(options_.weight)}};
  }

 private:
  static constexpr int64_t kNoIgnored = -100;  // LibTorch's own default
  FocalOptions options_;
};

}  // namespace

Loss focal(const FocalOptions& options) { return Loss(std::make_shared<Focal>(options)); }

const Registered<LossEntry> focal_entry{
    {"focal", [](const Json& config) {
       const FocalOptions defaults;
       return focal({.gamma = detail::config_double(config, "gamma", defaults.gamma),
                     .axis = detail::config_int(config, "axis", defaults.axis),
                     .weight = detail::weight_from_json(config)});
     }}};

}  // namespace linnet::losses
