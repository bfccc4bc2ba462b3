#include "linnet/nn/batch_norm_kernels.h"

#include <algorithm>

#include "linnet/core/by_processor.h"

namespace linnet::detail {

namespace {

[[gnu::always_inline]] inline float get(float value) { return value; }
[[gnu::always_inline]] inline float get(BFloat16 value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value.bits) << 16);
}

[[gnu::always_inline]] inline void put(float value, float& to) { to = value; }
// To the nearest, halves to even. What is not a number stays so.
[[gnu::always_inline]] inline void put(float value, BFloat16& to) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
  to.bits = static_cast<uint16_t>(value == value ? rounded : 0x7FC0U);
}

// The gradient behind a ReLU that gave y.
template <class T>
[[gnu::always_inline]] inline float behind_relu(T dy, T y) {
  const float gradient = get(dy);  // read whatever y is: else the loop stays one without vectors
  return get(y) > 0 ? gradient : 0;
}

template <class T>
[[gnu::always_inline]] inline void sums_of(const T* __restrict x, Rows rows,
                                           const float* __restrict around, float* __restrict sum,
                                           float* __restrict squares) {
  const int64_t n = rows.channels;
  std::fill_n(sum, n, 0.0F);
  std::fill_n(squares, n, 0.0F);
  for (int64_t r = 0; r < rows.rows; ++r, x += n) {
    for (int64_t c = 0; c < n; ++c) {
      const float value = get(x[c]) - around[c];
      sum[c] += value;
      squares[c] += value * value;
    }
  }
}

template <class T>
[[gnu::always_inline]] inline void scale_relu_of(const T* __restrict x,
                                                 const T* __restrict residual, Rows rows,
                                                 const float* __restrict scale,
                                                 const float* __restrict shift, T* __restrict y) {
  const int64_t n = rows.channels;
  for (int64_t r = 0; r < rows.rows; ++r, x += n, y += n) {
    if (residual == nullptr) {
      for (int64_t c = 0; c < n; ++c) {
        const float value = get(x[c]) * scale[c] + shift[c];
        put(value < 0 ? 0 : value, y[c]);
      }
      continue;
    }
    for (int64_t c = 0; c < n; ++c) {
      const float value = get(x[c]) * scale[c] + shift[c] + get(residual[c]);
      put(value < 0 ? 0 : value, y[c]);
    }
    residual += n;
  }
}

template <class T>
[[gnu::always_inline]] inline void gradient_sums_of(const T* __restrict dy, const T* __restrict y,
                                                    const T* __restrict x, Rows rows,
                                                    const float* __restrict mean,
                                                    float* __restrict sum,
                                                    float* __restrict product) {
  const int64_t n = rows.channels;
  std::fill_n(sum, n, 0.0F);
  std::fill_n(product, n, 0.0F);
  for (int64_t r = 0; r < rows.rows; ++r, dy += n, y += n, x += n) {
    for (int64_t c = 0; c < n; ++c) {
      const float g = behind_relu(dy[c], y[c]);
      sum[c] += g;
      product[c] += g * (get(x[c]) - mean[c]);
    }
  }
}

template <class T>
[[gnu::always_inline]] inline void gradients_of(const T* __restrict dy, const T* __restrict y,
                                                const T* __restrict x, Rows rows,
                                                const InputGradient& terms, T* __restrict dx,
                                                T* __restrict dresidual) {
  const int64_t n = rows.channels;
  const float* __restrict of_gradient = terms.of_gradient;
  const float* __restrict of_input = terms.of_input;
  const float* __restrict constant = terms.constant;
  for (int64_t r = 0; r < rows.rows; ++r, dy += n, y += n, x += n) {
    if (dresidual != nullptr) {
      for (int64_t c = 0; c < n; ++c) put(behind_relu(dy[c], y[c]), dresidual[c]);
      dresidual += n;
    }
    if (dx == nullptr) continue;
    for (int64_t c = 0; c < n; ++c) {
      const float g = behind_relu(dy[c], y[c]);
      put(g * of_gradient[c] + get(x[c]) * of_input[c] + constant[c], dx[c]);
    }
    dx += n;
  }
}

}  // namespace

LINNET_BY_PROCESSOR void sums(const float* x, Rows rows, const float* around, float* sum,
                              float* squares) {
  sums_of(x, rows, around, sum, squares);
}
LINNET_BY_PROCESSOR void sums(const BFloat16* x, Rows rows, const float* around, float* sum,
                              float* squares) {
  sums_of(x, rows, around, sum, squares);
}

LINNET_BY_PROCESSOR void scale_relu(const float* x, const float* residual, Rows rows,
                                    const float* scale, const float* shift, float* y) {
  scale_relu_of(x, residual, rows, scale, shift, y);
}
LINNET_BY_PROCESSOR void scale_relu(const BFloat16* x, const BFloat16* residual, Rows rows,
                                    const float* scale, const float* shift, BFloat16* y) {
  scale_relu_of(x, residual, rows, scale, shift, y);
}

LINNET_BY_PROCESSOR void gradient_sums(const float* dy, const float* y, const float* x, Rows rows,
                                       const float* mean, float* sum, float* product) {
  gradient_sums_of(dy, y, x, rows, mean, sum, product);
}
LINNET_BY_PROCESSOR void gradient_sums(const BFloat16* dy, const BFloat16* y, const BFloat16* x,
                                       Rows rows, const float* mean, float* sum, float* product) {
  gradient_sums_of(dy, y, x, rows, mean, sum, product);
}

LINNET_BY_PROCESSOR void gradients(const float* dy, const float* y, const float* x, Rows rows,
                                   const InputGradient& terms, float* dx, float* dresidual) {
  gradients_of(dy, y, x, rows, terms, dx, dresidual);
}
LINNET_BY_PROCESSOR void gradients(const BFloat16* dy, const BFloat16* y, const BFloat16* x,
                                   Rows rows, const InputGradient& terms, BFloat16* dx,
                                   BFloat16* dresidual) {
  gradients_of(dy, y, x, rows, terms, dx, dresidual);
}

}  // namespace linnet::detail
