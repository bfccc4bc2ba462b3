#include "linnet/nn/batch_norm_relu.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/nn/batch_norm_kernels.h"
#include "linnet/nn/forward_observer.h"

namespace linnet {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kChunk = 1024;   // rows for a thread; sums do not depend on how many there are
constexpr int64_t kInFloat = 128;  // rows that are added up in float32

detail::Rows rows_of(const Tensor& x) {
  return {.rows = x.size(0) * x.size(2) * x.size(3), .channels = x.size(1)};
}

/** A part of a batch's rows: where it begins in memory and how long it is. */
struct Part {
  int64_t chunk, offset;
  detail::Rows rows;
};

template <class Body>
void for_each_part(detail::Rows all, Body body) {
  const int64_t chunks = (all.rows + kChunk - 1) / kChunk;
  at::parallel_for(0, chunks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t first = i * kChunk;
      body(Part{i, first * all.channels, {std::min(kChunk, all.rows - first), all.channels}});
    }
  });
}

/** Calls body(nullptr of the type that the loops know x's numbers as). */
template <class Body>
void by_type(const Tensor& x, Body body) {
  if (x.scalar_type() == torch::kFloat) return body(static_cast<float*>(nullptr));
  body(static_cast<detail::BFloat16*>(nullptr));
}

/** Where a tensor's numbers are, from `offset` on; nullptr for an undefined one. */
template <class T>
T* numbers(const Tensor& tensor, int64_t offset = 0) {
  return tensor.defined() ? static_cast<T*>(tensor.data_ptr()) + offset : nullptr;
}

// float64 [2, channels]: two sums by channel, as body(offset, rows, first, second) sets them in
// float32 for some rows.
template <class Body>
Tensor two_sums(detail::Rows all, Body body) {
  const int64_t chunks = (all.rows + kChunk - 1) / kChunk, n = 2 * all.channels;
  const auto parts = torch::zeros({chunks, 2, all.channels}, torch::kDouble);
  auto* const totals = parts.data_ptr<double>();
  for_each_part(all, [&](const Part& part) {
    std::vector<float> sums(static_cast<size_t>(n));
    double* const total = totals + part.chunk * n;
    for (int64_t first = 0; first < part.rows.rows; first += kInFloat) {
      const detail::Rows rows{std::min(kInFloat, part.rows.rows - first), all.channels};
      body(part.offset + first * all.channels, rows, sums.data(), sums.data() + all.channels);
      for (int64_t i = 0; i < n; ++i) total[i] += static_cast<double>(sums[static_cast<size_t>(i)]);
    }
  });
  return parts.sum(0);
}

struct Moments {
  Tensor mean, var;  // float64 [channels]; var is the biased one
};

// Sums are taken around the mean of the first pixels: a mean far from 0 costs no digits.
Moments moments_of(const Tensor& x) {
  const auto rows = rows_of(x);
  const detail::Rows first{.rows = std::min(rows.rows, kInFloat), .channels = rows.channels};
  auto around = torch::zeros({rows.channels}, torch::kFloat);
  Tensor sums;
  by_type(x, [&]<class T>(T*) {
    const auto begin = torch::empty({2, rows.channels}, torch::kFloat);
    detail::sums(numbers<T>(x), first, around.data_ptr<float>(), begin[0].data_ptr<float>(),
                 begin[1].data_ptr<float>());
    around = begin[0] / first.rows;
    sums = two_sums(rows, [&](int64_t offset, detail::Rows some, float* sum, float* squares) {
      detail::sums(numbers<T>(x, offset), some, around.data_ptr<float>(), sum, squares);
    });
  });
  const auto means = sums / rows.rows;
  return {means[0] + around, (means[1] - means[0].square()).clamp_min(0)};
}

class BatchNormRelu final : public torch::autograd::Function<BatchNormRelu> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& weight,
                        const Tensor& bias, const c10::optional<Tensor>& residual,
                        const Moments& moments, double eps) {
    const auto invstd = (moments.var + eps).rsqrt();
    const auto scale = weight.to(torch::kDouble) * invstd;
    const auto shift = (bias - moments.mean * scale).to(torch::kFloat);
    const auto scale32 = scale.to(torch::kFloat);
    const Tensor other = residual.value_or(Tensor());
    auto y = torch::empty_like(x);
    by_type(x, [&]<class T>(T*) {
      for_each_part(rows_of(x), [&](const Part& part) {
        detail::scale_relu(numbers<T>(x, part.offset), numbers<T>(other, part.offset), part.rows,
                           scale32.data_ptr<float>(), shift.data_ptr<float>(),
                           numbers<T>(y, part.offset));
      });
    });
    ctx->save_for_backward({x, weight, other, y, moments.mean, invstd});
    return y;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& gradients) {
    if (torch::GradMode::is_enabled()) {
      throw UsageError("batch_norm_relu",
                       "has no second derivative: for one, lay pictures out "
                       "contiguous, not channels_last");
    }
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &residual = saved[2], &y = saved[3];
    const Tensor &mean = saved[4], &invstd = saved[5];
    const auto dy = gradients[0].to(x.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);
    const auto rows = rows_of(x);
    const auto mean32 = mean.to(torch::kFloat);
    Tensor sums, dx, dresidual;
    if (x.requires_grad()) dx = torch::empty_like(x);
    if (residual.defined() && residual.requires_grad()) dresidual = torch::empty_like(x);
    by_type(x, [&]<class T>(T*) {
      sums = two_sums(rows, [&](int64_t offset, detail::Rows some, float* sum, float* product) {
        detail::gradient_sums(numbers<T>(dy, offset), numbers<T>(y, offset), numbers<T>(x, offset),
                              some, mean32.data_ptr<float>(), sum, product);
      });
    });
    const auto of_gradient = weight.to(torch::kDouble) * invstd;
    const auto of_input = -of_gradient * invstd.square() * sums[1] / rows.rows;
    const auto constant = -of_gradient * sums[0] / rows.rows - of_input * mean;
    const auto terms = torch::stack({of_gradient, of_input, constant}).to(torch::kFloat);
    const detail::InputGradient pointers{terms[0].data_ptr<float>(), terms[1].data_ptr<float>(),
                                         terms[2].data_ptr<float>()};
    by_type(x, [&]<class T>(T*) {
      for_each_part(rows, [&](const Part& part) {
        const auto at = [&](const Tensor& tensor) { return numbers<T>(tensor, part.offset); };
        detail::gradients(at(dy), at(y), at(x), part.rows, pointers, at(dx), at(dresidual));
      });
    });
    return {dx, (sums[1] * invstd).to(torch::kFloat), sums[0].to(torch::kFloat), dresidual, {}, {}};
  }
};

bool is_last(const Tensor& x) {
  return x.dim() == 4 && x.numel() > 0 && x.is_contiguous(torch::MemoryFormat::ChannelsLast);
}

// Whether the loops know all there is here.
bool is_fused(const torch::nn::BatchNorm2dImpl& norm, const Tensor& x, const Tensor& residual) {
  const auto& options = norm.options;
  const auto type = x.scalar_type();
  return options.affine() && options.track_running_stats() && x.is_cpu() && is_last(x) &&
         x.size(1) == options.num_features() &&
         (norm.is_training() ? options.momentum() && rows_of(x).rows > 1
                             : !torch::GradMode::is_enabled()) &&
         (type == torch::kFloat || type == torch::kBFloat16) &&
         norm.weight.scalar_type() == torch::kFloat &&
         (!residual.defined() ||
          (is_last(residual) && residual.sizes() == x.sizes() && residual.scalar_type() == type)) &&
         !detail::is_observed();
}

// The moving averages, as LibTorch keeps them: of the unbiased variance.
void keep(torch::nn::BatchNorm2dImpl& norm, const Moments& moments, int64_t rows) {
  const torch::NoGradGuard no_grad;
  const double take = norm.options.momentum().value();
  const double unbiased = static_cast<double>(rows) / static_cast<double>(rows - 1);
  norm.num_batches_tracked += 1;
  norm.running_mean.mul_(1 - take).add_(moments.mean, take);
  norm.running_var.mul_(1 - take).add_(moments.var, take * unbiased);
}

}  // namespace

torch::Tensor batch_norm_relu(torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& x,
                              const torch::Tensor& residual) {
  if (!is_fused(norm, x, residual)) {
    const auto normed = norm.forward(x);
    return residual.defined() ? normed.add_(residual).relu_() : normed.relu_();
  }
  Moments moments;
  if (norm.is_training()) {
    const torch::NoGradGuard no_grad;
    moments = moments_of(x);
    keep(norm, moments, rows_of(x).rows);
  } else {
    moments = {norm.running_mean.to(torch::kDouble), norm.running_var.to(torch::kDouble)};
  }
  c10::optional<Tensor> added;
  if (residual.defined()) added = residual;
  return BatchNormRelu::apply(x, norm.weight, norm.bias, added, moments, norm.options.eps());
}

}  // namespace linnet
