#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/core/reporter.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/train/learner.h"

namespace linnet {

/** What a run gives to the learner that it trains. */
struct TrainingParts {
  Precision precision = Precision::float32;
  Callbacks callbacks = {};  // beside those that the request asks for
  std::filesystem::path path = ".";
  Reporter* reporter = nullptr;
};

/** What one job that trains does otherwise than the others; all else (the run's folder, resuming,
 * checkpoints, the log, the report) is `run_training`. The job's fields hold `fit_fields`,
 * `watch_fields` and `run_fields`, and "seed".
 */
struct TrainingTask {
  std::string job;                                      // its name: "train tabular"
  std::function<std::vector<Field>()> fields;           // the job's
  std::function<std::string(const Request&)> run_name;  // of a folder below runs/: "pets-resnet34"
  std::function<void(const Request&)> check;            // before anything is read or written
  std::function<Precision(const Request&)> precision = nullptr;  // float32
  std::string items;  // what one datum is called: "pictures"
  /** The data. Their `about` holds "data" (where from), "train", "valid", "test" (counts), "seed"
   * and "split_hash". */
  std::function<DataLoaders(const Request&, Reporter&)> load;
  std::function<Learner(const Request&, const DataLoaders&, const TrainingParts&)> learner;
  /** Says before the first epoch, after the counts, what is trained and how, in lines like
   * "classes   ...". */
  std::function<void(const Request&, const Json& about, Precision, Reporter&)> tell_plan;
  /** What to type next, a line each; `model` is the file's name, quoted. */
  std::function<std::vector<std::string>(const Request&, const std::string& model)> next;
};

/** The fields "out", "no-report" and "resume". `names` says how runs are named: "NAME-ARCH". */
std::vector<Field> run_fields(const std::string& names);

/** A whole run, without the words at its end on what to do next: for jobs that train and go on.
 * Returns {"run", "model", "log", "report"} (paths) and the last epoch's figures by column name.
 * errors  as the task's functions; IoError for a full disk; UsageError for an `out` that holds
 *         something. What came to nothing leaves nothing behind.
 */
Json start_training(const TrainingTask& task, const Request& request, Reporter& reporter);

/** The work of the task's job: starts a run or goes on with one, and says what to do next. */
Json run_training(const TrainingTask& task, const Request& request, Reporter& reporter);

}  // namespace linnet
