#include "linnet/train/callbacks/overfitting.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

OverfittingWarning::OverfittingWarning(int64_t patience) : patience_(patience) {
  if (patience < 1) {
    throw UsageError("OverfittingWarning",
                     fmt::format("patience: got {}, expected 1 epoch or more", patience));
  }
}

void OverfittingWarning::before_fit(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  epochs_.clear();
  told_ = false;
}

bool OverfittingWarning::overfits() const {
  const auto n = static_cast<int64_t>(epochs_.size());
  if (n <= patience_) return false;
  for (auto i = static_cast<size_t>(n - patience_); i < epochs_.size(); ++i) {
    if (!(epochs_[i].valid_loss > epochs_[i - 1].valid_loss &&
          epochs_[i].train_loss < epochs_[i - 1].train_loss))
      return false;
  }
  return true;
}

void OverfittingWarning::after_epoch(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  const auto train_loss = learn.recorder().last("train_loss");
  const auto valid_loss = learn.recorder().last("valid_loss");
  if (!train_loss || !valid_loss) return;
  epochs_.push_back({learn.state().epoch, *train_loss, *valid_loss});
  if (told_ || !overfits()) return;
  told_ = true;
  const auto best =
      std::min_element(epochs_.begin(), epochs_.end(),
                       [](const Epoch& a, const Epoch& b) { return a.valid_loss < b.valid_loss; });
  learn.reporter().warn(fmt::format(
      "overfitting: the validation loss has risen for {} epochs in a row while the training loss "
      "fell. The best epoch was {} (valid_loss {:.6f}, now {:.6f}). Train for fewer epochs, keep "
      "the best model, or try more data, augmentation or weight decay.",
      patience_, best->number, best->valid_loss, *valid_loss));
  learn.reporter().event("overfitting", {{"epoch", learn.state().epoch},
                                         {"best_epoch", best->number},
                                         {"best_valid_loss", best->valid_loss},
                                         {"valid_loss", *valid_loss}});
}

const Registered<CallbackEntry> overfitting_entry{
    callback_entry<OverfittingWarning>("overfitting")};

}  // namespace linnet
