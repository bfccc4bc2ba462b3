#pragma once

#include "linnet/train/callback.h"

namespace linnet {

/** Keeps norm layers whose parameters do not train in evaluation mode: their running statistics
 * stay. source  fastai 2.7 BnFreeze
 */
class BnFreeze final : public Callback {
 public:
  std::string_view name() const override { return "bn_freeze"; }
  double order() const override { return -9; }
  void before_train(Learner& learn) override;
};

}  // namespace linnet
