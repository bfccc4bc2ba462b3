#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/plot/chart.h"
#include "linnet/train/learner.h"

namespace linnet {

/** The rows of a run's log.csv as Recorder::rows() has them, with the number of the `fit` before.
 * Empty cells are left out. What read_csv throws; DataError, with the row, for a cell that is no
 * number and for a file without the column epoch. */
std::vector<Json> read_training_log(const std::filesystem::path& file);

/** train_loss and valid_loss over the epochs trained, one fit after another.
 *  rows  as Recorder::rows() or read_training_log; none: a chart that says so */
Chart loss_chart(const std::vector<Json>& rows);

/** One chart a metric: every column of numbers that is no loss, time or count. */
std::vector<Chart> metric_charts(const std::vector<Json>& rows);
/** The names of these columns, in their order. */
std::vector<std::string> metric_columns(const std::vector<Json>& rows);

/** The training loss of every batch of the last fit, as it came and smoothed; with the validation
 * loss after each epoch. source  fastai 2.7 Recorder.plot_loss */
Chart batch_loss_chart(const Recorder& recorder);

/** A learning rate (or another number) of every batch: one line where all groups have the same,
 * else the first and the last group's.
 *  per_batch  [batch][group], as Recorder::lrs()
 *  source     fastai 2.7 Recorder.plot_sched */
Chart schedule_chart(const std::vector<std::vector<double>>& per_batch,
                     const std::string& name = "learning rate");

/** The smoothed loss over the rates that lr_find tried, with what it suggests.
 *  source  fastai 2.7 Recorder.plot_lr_find */
Chart lr_find_chart(const LrFindResult& found);

}  // namespace linnet
