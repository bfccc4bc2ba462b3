#include "linnet/nn/losses/dice.h"

#include "linnet/nn/losses/flat.h"

namespace linnet::losses {
namespace {

class Dice final : public Loss::Impl {
 public:
  explicit Dice(DiceOptions options) : options_(options) {}

  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    detail::check_classes({name(), pred, target, options_.axis, /*ignore_index=*/0});
    const int64_t rows = pred.size(0), classes = pred.size(options_.axis);
    const torch::Tensor probs =
        pred.softmax(options_.axis).movedim(options_.axis, 1).reshape({rows, classes, -1});
    const torch::Tensor truth = torch::one_hot(target.to(torch::kLong).reshape({rows, -1}), classes)
                                    .movedim(-1, 1)
                                    .to(pred.scalar_type());
    const torch::Tensor both = (probs * truth).sum(-1);
    const torch::Tensor either =
        ((options_.square_in_union ? probs.square() : probs) + truth).sum(-1);
    return detail::reduce(1 - (2 * both + options_.smooth) / (either + options_.smooth), reduction);
  }
  torch::Tensor activation(const torch::Tensor& pred) const override {
    return pred.softmax(options_.axis);
  }
  torch::Tensor decodes(const torch::Tensor& activated) const override {
    return activated.argmax(options_.axis);
  }
  Reduction default_reduction() const override { return Reduction::sum; }
  std::string_view name() const override { return "dice"; }
  Json config() const override {
    return {{"axis", options_.axis},
            {"smooth", options_.smooth},
            {"square_in_union", options_.square_in_union}};
  }

 private:
  DiceOptions options_;
};

}  // namespace

Loss dice(const DiceOptions& options) { return Loss(std::make_shared<Dice>(options)); }

const Registered<LossEntry> dice_entry{
    {"dice", [](const Json& config) {
       const DiceOptions defaults;
       return dice({.axis = detail::config_int(config, "axis", defaults.axis),
                    .smooth = detail::config_double(config, "smooth", defaults.smooth),
                    .square_in_union =
                        detail::config_bool(config, "square_in_union", defaults.square_in_union)});
     }}};

}  // namespace linnet::losses
