#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "linnet/data/value.h"
#include "linnet/train/callback.h"

namespace linnet {

/** What the loop runs for: trackers and savers act in a fit only. */
enum class Purpose { fit, validate, lr_find };

/** Where a fit is. Callbacks read it, and may change the tensors between events. */
struct FitState {
  Purpose purpose = Purpose::fit;
  bool training = false;   // training batches now, or validation ones
  int64_t n_epoch = 0;     // epochs of this fit
  int64_t epoch = 0;       // from 0
  int64_t n_iter = 0;      // batches of this epoch's present part
  int64_t iter = 0;        // from 0
  int64_t n_items = 0;     // items of this epoch's present part
  int64_t train_iter = 0;  // training batches done in this fit
  double pct_train = 0;    // share of the fit's training batches done, 0 to 1

  Batch batch;              // of this step, on the model's device
  torch::Tensor pred;       // what the model gave
  torch::Tensor loss_grad;  // the loss that is differentiated (a callback may scale it)
  torch::Tensor loss;       // the loss that is reported; undefined until this batch has one

  Stop stop = Stop::none;  // what a callback has asked for
};

}  // namespace linnet
