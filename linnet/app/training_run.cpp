#include "linnet/app/training_run.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "linnet/app/machine.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/run_report.h"
#include "linnet/app/training_fit.h"
#include "linnet/core/error.h"
#include "linnet/core/utc.h"
#include "linnet/core/version.h"
#include "linnet/data/table.h"
#include "linnet/interpret/activation_charts.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/disk_room.h"
#include "linnet/io/file_text.h"
#include "linnet/train/callbacks/batch_logger.h"
#include "linnet/train/callbacks/checkpointer.h"
#include "linnet/train/callbacks/csv_logger.h"
#include "linnet/train/callbacks/overfitting.h"

namespace linnet {

namespace fs = std::filesystem;

std::vector<Field> run_fields(const std::string& names) {
  using enum FieldKind;
  return {
      {.name = "out",
       .kind = path,
       .help = "new folder for the model, the log and the configuration",
       .preset_note = fmt::format("runs/{}, numbered", names),
       .placeholder = "DIR"},
      {.name = "no-report",
       .kind = flag,
       .help = "leave out report.html, which takes another look at what was held out"},
      {.name = "resume",
       .kind = path,
       .help = "go on with a run that was stopped, whatever stopped it, with the options it had",
       .preset_note = "none",
       .placeholder = "DIR"},
  };
}

namespace {

// All that is needed to do it again.
Json config_of(const Request& request, Precision precision) {
  return Json{{"linnet", kVersion},
              {"libtorch", torch_version()},
              {"command", request.command()},
              {"folder", fs::current_path().string()},
              {"job", request.job()},
              {"values", request.values()},
              {"precision", to_string(precision)},
              {"recipe", recipe_line(request)},
              {"threads", at::get_num_threads()},
              {"started", utc_now()},
              {"machine", machine_facts()}};
}

int64_t bytes_of(const torch::nn::Module& model) {
  int64_t bytes = 0;
  for (const auto& tensors : {model.parameters(), model.buffers()}) {
    for (const auto& tensor : tensors) bytes += static_cast<int64_t>(tensor.nbytes());
  }
  return bytes;
}

Json places_of(const RunFolder& run) {
  Json places{{"run", run.path().string()},
              {"model", run.model_file().string()},
              {"log", run.log_file().string()}};
  if (fs::exists(run.report_file())) places["report"] = run.report_file().string();
  return places;
}

// The figures of the last epoch, and where everything is.
Json result_of(const Learner& learn, const RunFolder& run) {
  Json result = places_of(run);
  const auto& rows = learn.recorder().rows();
  if (rows.empty()) return result;  // a time limit left no epoch to the last fit
  for (const auto& [name, value] : rows.back().as_object()) {
    if (name != "epoch" && name != "time") result[name] = value;
  }
  return result;
}

// The run is over and kept, whatever becomes of its report.
void make_report(const RunFolder& run, const Json& config, const Request& request,
                 Reporter& reporter) {
  try {
    run.write_config(config);  // with what is known by now
    if (request.flag("no-report")) return;
    write_run_report(run.path(), reporter);
  } catch (const std::exception& e) {
    reporter.warn(
        fmt::format("the run is kept, but its report could not be written: {}. Make it "
                    "by `linnet report {}`.",
                    e.what(), shell_quoted(run.path().string())));
  }
}

Callbacks callbacks_of(const Request& request, const RunFolder& run) {
  auto callbacks = watchers_of(request);
  callbacks.push_back(std::make_shared<CsvLogger>(run.log_file()));
  callbacks.push_back(std::make_shared<BatchLogger>(run.batches_file()));
  callbacks.push_back(std::make_shared<OverfittingWarning>());
  callbacks.push_back(std::make_shared<Checkpointer>(run.checkpoint_file()));
  return callbacks;
}

// The model, the best one, two checkpoints (one while the next is written: the weights and Adam's
// two averages each) and what else is written.
int64_t room_for(const torch::nn::Module& model) {
  constexpr int64_t kLogAndConfig = 1 << 20;
  return 8 * bytes_of(model) + kLogAndConfig;
}

void keep_activations(const Learner& learn, const RunFolder& run) {
  for (const auto& callback : learn.callbacks()) {
    if (const auto* stats = dynamic_cast<const ActivationStats*>(callback.get()))
      write_activations(run.activations_file(), *stats);
  }
}

// What only a run that goes on would need. What stays does no harm: the model is there.
void remove_leftovers(const RunFolder& run) {
  std::error_code ignored;
  fs::remove(run.checkpoint_file(), ignored);
  fs::remove_all(run.path() / "models", ignored);  // the best weights of --save-best
}

// The split of a run that goes on must be the one it began with: who is on which side, in which
// order.
void save_same_split(const TrainingTask& task, const DataLoaders& dls, const RunFolder& run) {
  std::error_code ignored;
  const bool goes_on = fs::exists(run.split_file(), ignored);
  const std::string before = goes_on ? file_text(run.split_file(), task.job) : std::string();
  dls.save_split(run.split_file());
  if (!goes_on || file_text(run.split_file(), task.job) == before) return;
  write_atomically(run.split_file(), before);
  throw DataError(task.job, run.path(),
                  "cannot go on: the data or their split are no longer those that the run began "
                  "with (split.csv). Start a new run.");
}

void tell_counts(const TrainingTask& task, const Json& about, Reporter& reporter) {
  reporter.note(fmt::format("data      {}: {} {} to train on, {} held out; seed {}, split {}",
                            about.at("data").as_string(), about.at("train").as_int(), task.items,
                            about.at("valid").as_int(), about.at("seed").as_int(),
                            about.at("split_hash").as_string()));
  if (about.at("test").as_int() == 0) return;
  reporter.note(fmt::format("test      {} {} are held back from all this",
                            about.at("test").as_int(), task.items));
}

// `config` is that of the run: of one that goes on, as it was written.
Json train_in(const TrainingTask& task, RunFolder& run, Json config, const Request& request,
              Reporter& reporter) {
  const Precision precision = precision_named(config.at("precision").as_string());
  const DataLoaders dls = task.load(request, reporter);
  save_same_split(task, dls, run);
  Learner learn = task.learner(request, dls,
                               {.precision = precision,
                                .callbacks = callbacks_of(request, run),
                                .path = run.path(),
                                .reporter = &reporter});
  if (fs::exists(run.checkpoint_file())) learn.resume(run.checkpoint_file());
  require_disk_room(run.path(), room_for(learn.network().module()), "the model and its checkpoint");
  config["data"] = dls.about;
  run.write_config(config);
  tell_counts(task, dls.about, reporter);
  task.tell_plan(request, dls.about, precision, reporter);
  reporter.note(fmt::format("run       {}\n", run.path().string()));
  try {
    fit(learn, request);
    learn.export_to(run.model_file());
  } catch (...) {
    if (fs::exists(run.checkpoint_file())) run.keep();  // an epoch's work is worth keeping
    throw;
  }
  run.keep();
  keep_activations(learn, run);
  remove_leftovers(run);
  if (learn.has_opt()) config["optimizer"] = learn.opt().name();
  make_report(run, config, request, reporter);
  return result_of(learn, run);
}

void tell_next(const TrainingTask& task, const Request& request, const Json& result,
               Reporter& reporter) {
  const std::string& model = result.at("model").as_string();
  const Json* report = result.find("report");
  reporter.note(fmt::format("\nmodel     {}\nlog       {}{}", model, result.at("log").as_string(),
                            report != nullptr ? "\nreport    " + report->as_string() : ""));
  for (const std::string& line : task.next(request, shell_quoted(model))) reporter.note(line);
}

// The run is over: its last row, as it was told then.
Json finished(const RunFolder& run, const Request& request, Reporter& reporter) {
  remove_leftovers(run);  // of a kill just after the model was written
  if (!fs::exists(run.report_file())) make_report(run, run.read_config(), request, reporter);
  Json result = places_of(run);
  const Table log = read_csv(run.log_file());
  reporter.note("This run is finished. Its last epoch:");
  reporter.table(log.names());
  Json row = Json::object();
  for (const TableColumn& logged : log.columns()) {
    if (log.rows() == 0) break;
    const std::string cell(logged.text(log.rows() - 1));
    const std::string& column = logged.name();
    if (cell.empty()) continue;
    const bool whole = cell.find_first_not_of("-0123456789") == std::string::npos;
    row[column] = whole ? Json::parse(cell) : Json(std::strtod(cell.c_str(), nullptr));
    if (column != "fit" && column != "epoch" && column != "time") result[column] = row[column];
  }
  reporter.row(row);
  return result;
}

Json resume(const TrainingTask& task, const Request& asked, Reporter& reporter) {
  for (const auto& [name, value] : asked.values().as_object()) {
    if (name == "resume" || !asked.is_given(name)) continue;
    throw UsageError(task.job,
                     fmt::format("--resume goes on with the options of that run: leave out {}",
                                 name == "path" ? "PATH" : "--" + name));
  }
  RunFolder run = RunFolder::existing(asked.path("resume"));
  const Json config = run.read_config();
  if (const Json* job = config.find("job"); job != nullptr && job->as_string() != task.job) {
    throw UsageError(task.job, fmt::format("{} is a run of another kind: go on with it by "
                                           "`linnet {} --resume {}`",
                                           run.path().string(), job->as_string(),
                                           shell_quoted(run.path().string())));
  }
  const Request request(task.job, task.fields(), config.at("values"));
  if (fs::exists(run.model_file())) return finished(run, request, reporter);
  const fs::path folder = config.at("folder").as_string();
  if (folder != fs::current_path()) {
    throw UsageError(task.job,
                     fmt::format("{} was started in {}, and its paths count from there: go "
                                 "there to resume it",
                                 run.path().string(), folder.string()));
  }
  const auto threads = config.at("threads").as_int();
  if (threads != at::get_num_threads()) {
    reporter.warn(
        fmt::format("the run began with {} threads, now there are {}: the last digits "
                    "may differ. LINNET_THREADS={} keeps them.",
                    threads, at::get_num_threads(), threads));
  }
  return train_in(task, run, config, request, reporter);
}

}  // namespace

Json start_training(const TrainingTask& task, const Request& request, Reporter& reporter) {
  task.check(request);
  const Precision precision = task.precision ? task.precision(request) : Precision::float32;
  RunFolder run(request.has("out") ? std::optional(request.path("out")) : std::nullopt,
                task.run_name(request));
  const Json config = config_of(request, precision);
  run.write_config(config);
  return train_in(task, run, config, request, reporter);
}

Json run_training(const TrainingTask& task, const Request& request, Reporter& reporter) {
  if (request.has("resume")) return resume(task, request, reporter);
  const Json result = start_training(task, request, reporter);
  tell_next(task, request, result, reporter);
  return result;
}

}  // namespace linnet
