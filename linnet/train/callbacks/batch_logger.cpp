#include "linnet/train/callbacks/batch_logger.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "linnet/io/atomic_file.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

constexpr size_t kMostRows = 8192;
constexpr const char* kRows = "rows";
constexpr const char* kMoms = "moms";

double momentum_of(Learner& learn) {
  const double* mom = learn.opt().hypers().back().find("mom");
  return mom == nullptr ? 0 : *mom;
}

torch::Tensor doubles(const double* values, size_t count) {
  return torch::tensor(at::ArrayRef<double>(values, count), torch::kDouble);
}

}  // namespace

void BatchLogger::before_fit(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  ++fits_;
  written_ = 0;
  moms_.clear();
}

void BatchLogger::after_batch(Learner& learn) {
  if (learn.state().purpose == Purpose::fit) moms_.push_back(momentum_of(learn));
}

void BatchLogger::after_epoch(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  const auto& losses = learn.recorder().losses();
  const auto& lrs = learn.recorder().lrs();
  const auto done = static_cast<int64_t>(std::min({losses.size(), lrs.size(), moms_.size()}));
  SmoothLoss smooth;
  for (int64_t i = 0; i < done; ++i) {
    const auto at = static_cast<size_t>(i);
    smooth.update(losses[at]);
    if (i < written_) continue;
    ++batches_;
    add({static_cast<double>(fits_ - 1), static_cast<double>(batches_), losses[at], smooth.value(),
         lrs[at].front(), lrs[at].back(), moms_[at]});
  }
  written_ = done;
  write();
}

void BatchLogger::add(const Row& row) {
  const auto batch = static_cast<int64_t>(row[1]);
  if ((batch - 1) % stride_ != 0) return;
  rows_.push_back(row);
  if (rows_.size() <= kMostRows) return;
  stride_ *= 2;
  std::erase_if(
      rows_, [&](const Row& kept) { return (static_cast<int64_t>(kept[1]) - 1) % stride_ != 0; });
}

void BatchLogger::write() const {
  std::string text = "fit,batch,loss,train_loss,lr_first,lr_last,mom\n";
  for (const Row& row : rows_) {
    text += fmt::format("{:.0f},{:.0f},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}\n", row[0], row[1],
                        row[2], row[3], row[4], row[5], row[6]);
  }
  write_atomically(file_, text);
}

PartState BatchLogger::state(const Learner&) const {
  PartState state{
      .meta = {{"fits", fits_}, {"batches", batches_}, {"written", written_}, {"stride", stride_}},
      .tensors = {}};
  const auto* first = rows_.empty() ? nullptr : rows_.front().data();
  state.tensors.add(kRows, doubles(first, rows_.size() * kColumns));
  state.tensors.add(kMoms, doubles(moms_.data(), moms_.size()));
  return state;
}

void BatchLogger::load_state(Learner&, const PartState& state) {
  fits_ = state.meta.at("fits").as_int();
  batches_ = state.meta.at("batches").as_int();
  written_ = state.meta.at("written").as_int();
  stride_ = state.meta.at("stride").as_int();
  const auto rows = state.tensors.at(kRows).contiguous();
  const auto moms = state.tensors.at(kMoms).contiguous();
  rows_.resize(static_cast<size_t>(rows.numel()) / kColumns);
  if (!rows_.empty())
    std::copy_n(rows.data_ptr<double>(), rows_.size() * kColumns, rows_.front().data());
  moms_.assign(moms.data_ptr<double>(), moms.data_ptr<double>() + moms.numel());
}

const Registered<CallbackEntry> batch_logger_entry{callback_entry<BatchLogger>("batch_logger")};

}  // namespace linnet
