#include "linnet/train/callbacks/hyper_history.h"

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

void HyperHistory::before_fit(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  history_.clear();
  for (const auto& [name, value] : learn.opt().hypers().front())
    history_.emplace_back(name, PerBatch());
}

void HyperHistory::after_batch(Learner& learn) {
  if (learn.state().purpose != Purpose::fit || !learn.state().training) return;
  for (auto& [name, per_batch] : history_) per_batch.push_back(learn.opt().hyper(name));
}

std::vector<std::string> HyperHistory::names() const {
  std::vector<std::string> names;
  for (const auto& [name, per_batch] : history_) names.push_back(name);
  return names;
}

const std::vector<std::vector<double>>& HyperHistory::of(std::string_view name) const {
  for (const auto& [known, per_batch] : history_) {
    if (known == name) return per_batch;
  }
  throw UsageError("HyperHistory", unknown_name("hyper-parameter", name, names()));
}

const Registered<CallbackEntry> hyper_history_entry{callback_entry<HyperHistory>("hyper_history")};

}  // namespace linnet
