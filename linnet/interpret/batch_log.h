#pragma once

#include <filesystem>
#include <vector>

#include "linnet/plot/chart.h"

namespace linnet {

/** What happened batch by batch in a run, all its fits one after another: what BatchLogger wrote.
 * All lists are equally long. */
struct BatchLog {
  std::vector<double> batches;  // from 1; of a long training not every one
  std::vector<double> losses;
  std::vector<double> smoothed;   // as the table's train_loss: each fit begins anew
  std::vector<double> first_lrs;  // of the first layers' group
  std::vector<double> last_lrs;
  std::vector<double> moms;
};

/** DataError, with the row, for a file that BatchLogger did not write. */
BatchLog read_batch_log(const std::filesystem::path& file);

/** The training loss of each batch, as it came and smoothed as the table's train_loss is.
 *  source  fastai 2.7 Recorder.plot_loss */
Chart loss_by_batch_chart(const BatchLog& log);
/** The learning rate by batch: one line where all groups have the same, else the first and the last
 * group's. source  fastai 2.7 Recorder.plot_sched */
Chart lr_by_batch_chart(const BatchLog& log);
Chart momentum_by_batch_chart(const BatchLog& log);

}  // namespace linnet
