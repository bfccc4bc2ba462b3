#pragma once

#include <filesystem>
#include <string>

#include "linnet/train/callback.h"

namespace linnet {

/** Keeps the table of every fit in a CSV file: fit (from 0), epoch, train_loss, valid_loss,
 * metrics, time (seconds). The file is whole after each epoch: it is written anew, atomically. A
 * cell that was cancelled is empty. IoError when the disk does not take it. source  fastai 2.7
 * CSVLogger, which keeps only the last fit (docs/differences.md)
 */
class CsvLogger final : public Callback {
 public:
  explicit CsvLogger(std::filesystem::path file = "history.csv") : file_(std::move(file)) {}

  std::string_view name() const override { return "csv_logger"; }
  double order() const override { return 60; }  // after the recorder, which makes the row
  void before_fit(Learner& learn) override;
  void after_epoch(Learner& learn) override;
  PartState state(const Learner& learn) const override;
  void load_state(Learner& learn, const PartState& state) override;

  const std::filesystem::path& file() const { return file_; }
  /** Epochs written so far. */
  int64_t rows() const { return rows_; }

 private:
  std::filesystem::path file_;
  std::string text_;
  int64_t fits_ = 0;
  int64_t rows_ = 0;
};

}  // namespace linnet
