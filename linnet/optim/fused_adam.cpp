#include "linnet/optim/fused_adam.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "linnet/optim/adam_kernel.h"
#include "linnet/optim/steps.h"

namespace linnet::steps {

namespace {

constexpr int64_t kGrain = 1 << 15;  // numbers for a thread

// Where a dimension is one long, its stride says nothing.
bool has_order_of(const torch::Tensor& tensor, const torch::Tensor& value) {
  if (tensor.sizes() != value.sizes()) return false;
  for (int64_t i = 0; i < value.dim(); ++i) {
    if (value.size(i) != 1 && tensor.stride(i) != value.stride(i)) return false;
  }
  return true;
}

bool lies_as(const torch::Tensor& tensor, const torch::Tensor& value) {
  return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat && has_order_of(tensor, value);
}

bool is_fused(const StepParam& p, const torch::Tensor& grad_avg, const torch::Tensor& sqr_avg) {
  return p.value.layout() == torch::kStrided && p.grad.layout() == torch::kStrided &&
         p.value.is_non_overlapping_and_dense() && lies_as(p.value, p.value) &&
         lies_as(p.grad, p.value) && lies_as(grad_avg, p.value) && lies_as(sqr_avg, p.value);
}

// An average of the parameter. One that lies otherwise, as after a file was read, is laid out as
// it.
const torch::Tensor& average(const StepParam& p, const char* name) {
  torch::Tensor& tensor = p.state.tensor(name, p.value);
  if (tensor.sizes() == p.value.sizes() && !has_order_of(tensor, p.value)) {
    tensor = torch::empty_like(p.value).copy_(tensor);
  }
  return tensor;
}

// Debiased averages, with the root of the second one's part taken out of both parts of the
// fraction.
detail::AdamNumbers numbers_of(const Hypers& h, const ParamState& state, bool decouple_wd) {
  const double mom = h.at("mom"), sqr_mom = h.at("sqr_mom"), lr = h.at("lr"), wd = h.at("wd");
  const auto steps = static_cast<double>(state.step);
  const double root = std::sqrt(1 - std::pow(sqr_mom, steps));
  const bool decays = state.do_wd && wd != 0;
  return {.keep = static_cast<float>(decays && decouple_wd ? 1 - lr * wd : 1),
          .l2 = static_cast<float>(decays && !decouple_wd ? wd : 0),
          .mom = static_cast<float>(mom),
          .sqr_mom = static_cast<float>(sqr_mom),
          .eps = static_cast<float>(h.at("eps") * root),
          .step = static_cast<float>(lr * root / (1 - std::pow(mom, steps)))};
}

void update(const StepParam& p, const torch::Tensor& grad_avg, const torch::Tensor& sqr_avg,
            const detail::AdamNumbers& numbers) {
  auto* const value = p.value.data_ptr<float>();
  const auto* const grad = p.grad.data_ptr<float>();
  auto* const avg = grad_avg.data_ptr<float>();
  auto* const sqr = sqr_avg.data_ptr<float>();
  at::parallel_for(0, p.value.numel(), kGrain, [&](int64_t begin, int64_t end) {
    detail::adam_update(value + begin, grad + begin, avg + begin, sqr + begin, end - begin,
                        numbers);
  });
}

void one_by_one(StepGroup& group, bool decouple_wd) {
  decouple_wd ? weight_decay(group) : l2_reg(group);
  average_grad(Dampening::one_minus_momentum)(group);
  average_sqr_grad(group);
  count_step(group);
  adam_step(group);
}

}  // namespace

Step fused_adam(bool decouple_wd) {
  return [decouple_wd](StepGroup& group) {
    StepGroup others{group.hypers, group.count, {}};
    for (StepParam& p : group.params) {
      const auto& grad_avg = average(p, "grad_avg");
      const auto& sqr_avg = average(p, "sqr_avg");
      if (!is_fused(p, grad_avg, sqr_avg)) {
        others.params.push_back(p);
        continue;
      }
      ++p.state.step;
      update(p, grad_avg, sqr_avg, numbers_of(group.hypers, p.state, decouple_wd));
    }
    if (!others.params.empty()) one_by_one(others, decouple_wd);
  };
}

}  // namespace linnet::steps
