#include "linnet/train/callbacks/channels_last.h"

#include "linnet/train/callbacks/entry.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

constexpr auto kLast = torch::MemoryFormat::ChannelsLast;

// The values stay, and so does the tensor that the optimizer knows. A gradient lies as its weights.
void lay_out(torch::Tensor& parameter, torch::MemoryFormat format) {
  parameter.set_data(parameter.detach().contiguous(format));
  if (parameter.grad().defined()) parameter.mutable_grad() = parameter.grad().contiguous(format);
}

}  // namespace

void ChannelsLast::before_fit(Learner& learn) {
  for (auto& parameter : learn.network().module().parameters()) {
    if (parameter.dim() != 4 || parameter.is_contiguous(kLast)) continue;
    lay_out(parameter, kLast);
    changed_.push_back(parameter);
  }
}

void ChannelsLast::before_batch(Learner& learn) {
  for (Column& column : learn.state().batch.x) {
    if (column.data.dim() == 4) column.data = column.data.contiguous(kLast);
  }
}

void ChannelsLast::cleanup(Learner&) noexcept {
  for (auto& parameter : changed_) lay_out(parameter, torch::MemoryFormat::Contiguous);
  changed_.clear();
}

const Registered<CallbackEntry> channels_last_entry{callback_entry<ChannelsLast>("channels_last")};

}  // namespace linnet
