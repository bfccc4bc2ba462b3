#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace linnet {

struct GradScalerOptions {
  double init_scale = 65536;
  double growth_factor = 2;     // of the scale, after `growth_interval` good steps in a row
  double backoff_factor = 0.5;  // of the scale, after a step with a gradient that is not finite
  int64_t growth_interval = 2000;
};

/** Keeps gradients within the range of float16: the loss is multiplied by a scale, the gradients
 * are divided by it before the step, and a step with an overflow in it is left out and the scale
 * made smaller.
 *
 *      torch::nn::Linear model(3, 1);
 *      Optimizer opt = sgd({model->parameters()}, 0.1);
 *      GradScaler scaler;
 *      scaler.scale(losses::mse()(model->forward(x), y)).backward();
 *      const bool finite = scaler.unscale({model->weight.grad(), model->bias.grad()});
 *      if (finite) opt.step();
 *      scaler.update(finite);
 *
 *  source  torch.cuda.amp.GradScaler; Micikevicius et al. 2018
 */
class GradScaler {
 public:
  /** UsageError for a scale, factor or interval that is not above 0, a growth below 1 or a backoff
   * that is not below 1. */
  explicit GradScaler(const GradScalerOptions& options = {});

  torch::Tensor scale(const torch::Tensor& loss) const { return loss * scale_; }
  /** Divides these gradients by the scale, in place. Whether all of them are finite. */
  bool unscale(const std::vector<torch::Tensor>& gradients) const;
  void update(bool finite);

  double scale() const { return scale_; }
  /** Good steps since the scale last changed. */
  int64_t good_steps() const { return good_steps_; }
  /** Goes on where another one was. */
  void restore(double scale, int64_t good_steps);

 private:
  GradScalerOptions options_;
  double scale_;
  int64_t good_steps_ = 0;
};

}  // namespace linnet
