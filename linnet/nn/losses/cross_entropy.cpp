#include "linnet/nn/losses/cross_entropy.h"

#include "linnet/nn/losses/flat.h"

namespace linnet::losses {
namespace {

class CrossEntropy final : public Loss::Impl {
 public:
  explicit CrossEntropy(CrossEntropyOptions options) : options_(std::move(options)) {}

  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    const auto [flat_pred, flat_target] = detail::flatten_classes(
        {"cross_entropy", pred, target, options_.axis, options_.ignore_index});
    return torch::cross_entropy_loss(flat_pred, flat_target,
                                     detail::on_device_of(options_.weight, pred),
                                     detail::at_reduction(reduction), options_.ignore_index);
  }
  torch::Tensor activation(const torch::Tensor& pred) const override {
    return pred.softmax(options_.axis);
  }
  torch::Tensor decodes(const torch::Tensor& activated) const override {
    return activated.argmax(options_.axis);
  }
  bool class_targets() const override { return true; }
  std::string_view name() const override { return "cross_entropy"; }
  Json config() const override {
    return {{"axis", options_.axis},
            {"weight", detail::weight_to_json(options_.weight)},
            {"ignore_index", options_.ignore_index}};
  }

 private:
  CrossEntropyOptions options_;
};

}  // namespace

Loss cross_entropy(const CrossEntropyOptions& options) {
  return Loss(std::make_shared<CrossEntropy>(options));
}

const Registered<LossEntry> cross_entropy_entry{
    {"cross_entropy", [](const Json& config) {
       const CrossEntropyOptions defaults;
       return cross_entropy(
           {.axis = detail::config_int(config, "axis", defaults.axis),
            .weight = detail::weight_from_json(config),
            .ignore_index = detail::config_int(config, "ignore_index", defaults.ignore_index)});
     }}};

}  // namespace linnet::losses
