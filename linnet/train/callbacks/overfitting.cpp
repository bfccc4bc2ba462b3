#include "linnet/train/callbacks/overfitting.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
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

// A row in which a loss is missing does not count.
void OverfittingWarning::take(const Json& row) {
  const Json* train_loss = row.find("train_loss");
  const Json* valid_loss = row.find("valid_loss");
  if (train_loss == nullptr || valid_loss == nullptr) return;
  if (!train_loss->is_number() || !valid_loss->is_number()) return;
  epochs_.push_back({row.at("epoch").as_int(), train_loss->as_double(), valid_loss->as_double()});
}

PartState OverfittingWarning::state(const Learner&) const {
  return {.meta = {{"told", told_}}, .tensors = {}};
}

void OverfittingWarning::load_state(Learner& learn, const PartState& state) {
  told_ = state.meta.at("told").as_bool();
  for (const Json& row : learn.recorder().rows()) take(row);
}

void OverfittingWarning::after_epoch(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  const auto known = epochs_.size();
  take(learn.recorder().rows().back());
  if (epochs_.size() == known) return;
  const double valid_loss = epochs_.back().valid_loss;
  if (told_ || !overfits()) return;
  told_ = true;
  const auto best =
      std::min_element(epochs_.begin(), epochs_.end(),
                       [](const Epoch& a, const Epoch& b) { return a.valid_loss < b.valid_loss; });
  learn.reporter().warn(fmt::format(
      "overfitting: the validation loss has risen for {} epochs in a row while the training loss "
      "fell. The best epoch was {} (valid_loss {:.6f}, now {:.6f}). Train for fewer epochs, keep "
      "the best model, or try more data, augmentation or weight decay.",
      patience_, best->number, best->valid_loss, valid_loss));
  learn.reporter().event("overfitting", {{"epoch", learn.state().epoch},
                                         {"best_epoch", best->number},
                                         {"best_valid_loss", best->valid_loss},
                                         {"valid_loss", valid_loss}});
}

const Registered<CallbackEntry> overfitting_entry{
    callback_entry<OverfittingWarning>("overfitting")};

}  // namespace linnet
