#pragma once

#include <array>
#include <filesystem>
#include <string_view>
#include <vector>

#include "linnet/train/callback.h"

namespace linnet {

/** Keeps what happened batch by batch, over all fits, in a CSV file: fit (from 0), batch (from 1,
 * one fit after another), its loss, train_loss (that smoothed, as the table has it), the learning
 * rates of the first and the last group, and the last group's momentum (0 where the optimizer has
 * none). The file is written anew, atomically, after each epoch. Of a long training it holds every
 * second, fourth ... batch: 8,192 at most. IoError when the disk does not take it.
 */
class BatchLogger final : public Callback {
 public:
  explicit BatchLogger(std::filesystem::path file = "batches.csv") : file_(std::move(file)) {}

  std::string_view name() const override { return "batch_logger"; }
  double order() const override { return 60; }  // after the recorder, which has the losses
  bool run_valid() const override { return false; }
  void before_fit(Learner& learn) override;
  void after_batch(Learner& learn) override;
  void after_epoch(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

 private:
  static constexpr size_t kColumns = 7;
  using Row = std::array<double, kColumns>;

  void add(const Row& row);
  void write() const;

  std::filesystem::path file_;
  std::vector<Row> rows_;
  std::vector<double> moms_;  // of the present fit's batches
  int64_t fits_ = 0;
  int64_t batches_ = 0;  // of all fits, up to the last epoch's end
  int64_t written_ = 0;  // of them, in the present fit
  int64_t stride_ = 1;
};

}  // namespace linnet
