#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "linnet/core/random.h"
#include "linnet/data/value.h"
#include "linnet/train/callback.h"

namespace linnet {

/** What is drawn to mix a batch. */
struct MixDraw {
  torch::Tensor lam;      // float [n], or [1] for all items: the share that an item keeps
  torch::Tensor partner;  // int64 [n]: the position of the item it is mixed with
  int64_t centre_x = 0;   // CutMix: the middle of the box, in pixels
  int64_t centre_y = 0;
};

/** What MixUp and CutMix share. Training batches are mixed with themselves in another order. When a
 * target is one class number, the two losses are mixed, else the targets.
 *  source  fastai 2.7 MixHandler
 */
class MixHandler : public Callback {
 public:
  bool run_valid() const override { return false; }
  /** UsageError for a batch without targets, or targets that cannot be mixed. */
  void before_batch(Learner& learn) override;
  void after_loss(Learner& learn) override;
  void cleanup(Learner& learn) noexcept override;

 protected:
  /** `alpha` of the Beta distribution that lam comes from: more than 0, else UsageError. */
  MixHandler(std::string_view where, double alpha, uint64_t seed);

  /** For a batch whose first input is `x`. */
  virtual MixDraw draw(const torch::Tensor& x, Generator& random) const = 0;
  /** Mixes the inputs; may change draw.lam to what has become of it. */
  virtual void mix(std::vector<Column>& inputs, MixDraw& draw) const = 0;

  /** Beta(alpha, alpha), float [n]. */
  torch::Tensor draw_beta(int64_t n, Generator& random) const;
  static torch::Tensor draw_order(int64_t n, Generator& random);

 private:
  double alpha_;
  uint64_t seed_;
  torch::Tensor lam_;  // of the present batch
  torch::Tensor
      partner_target_;  // class numbers of the partners; undefined when targets were mixed
};

}  // namespace linnet
