#include "linnet/nn/losses/regression.h"

#include "linnet/nn/losses/flat.h"

namespace linnet::losses {
namespace {

class Mse final : public Loss::Impl {
 public:
  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    const auto [numbers, wanted] = detail::flatten_numbers(name(), pred, target);
    return torch::mse_loss(numbers, wanted, detail::at_reduction(reduction));
  }
  std::string_view name() const override { return "mse"; }
};

class L1 final : public Loss::Impl {
 public:
  torch::Tensor forward(const torch::Tensor& pred, const torch::Tensor& target,
                        Reduction reduction) const override {
    const auto [numbers, wanted] = detail::flatten_numbers(name(), pred, target);
    return torch::l1_loss(numbers, wanted, detail::at_reduction(reduction));
  }
  std::string_view name() const override { return "l1"; }
};

}  // namespace

Loss mse() { return Loss(std::make_shared<Mse>()); }
Loss l1() { return Loss(std::make_shared<L1>()); }

const Registered<LossEntry> mse_entry{{"mse", [](const Json&) { return mse(); }}};
const Registered<LossEntry> l1_entry{{"l1", [](const Json&) { return l1(); }}};

}  // namespace linnet::losses
