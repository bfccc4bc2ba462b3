#pragma once

#include <bit>
#include <cstdint>

namespace linnet::detail {

/** A bfloat16 as it lies in memory: the upper half of a float. */
struct BFloat16 {
  uint16_t bits;
};

/** What the loops of BatchNorm and ReLU run over: rows of `channels` numbers, as the pixels of a
 * channels_last batch lie. */
struct Rows {
  int64_t rows = 0;
  int64_t channels = 0;
};

// Numbers by channel are float [channels]. The loops run on one thread.

/** Sets the sums and the sums of squares of x - around, by channel: of no more than some thousand
 * rows, as they are added up in float. */
void sums(const float* x, Rows rows, const float* around, float* sum, float* squares);
void sums(const BFloat16* x, Rows rows, const float* around, float* sum, float* squares);

/** y = max(0, x * scale + shift + residual); a residual of nullptr is none. */
void scale_relu(const float* x, const float* residual, Rows rows, const float* scale,
                const float* shift, float* y);
void scale_relu(const BFloat16* x, const BFloat16* residual, Rows rows, const float* scale,
                const float* shift, BFloat16* y);

/** With g the gradient dy where y > 0, else 0: sets the sums of g and of g * (x - mean), by
 * channel. */
void gradient_sums(const float* dy, const float* y, const float* x, Rows rows, const float* mean,
                   float* sum, float* product);
void gradient_sums(const BFloat16* dy, const BFloat16* y, const BFloat16* x, Rows rows,
                   const float* mean, float* sum, float* product);

/** What becomes of a gradient: g * of_gradient + x * of_input + constant, by channel. */
struct InputGradient {
  const float* of_gradient = nullptr;
  const float* of_input = nullptr;
  const float* constant = nullptr;
};

/** Writes the gradients of the input and of the residual, which is g; nullptr for one that nobody
 * wants. */
void gradients(const float* dy, const float* y, const float* x, Rows rows,
               const InputGradient& terms, float* dx, float* dresidual);
void gradients(const BFloat16* dy, const BFloat16* y, const BFloat16* x, Rows rows,
               const InputGradient& terms, BFloat16* dx, BFloat16* dresidual);

}  // namespace linnet::detail
