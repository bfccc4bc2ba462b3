#include "linnet/app/jobs/train.h"

#include <fmt/format.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/app/jobs/train_fields.h"
#include "linnet/app/jobs/train_fit.h"
#include "linnet/app/jobs/train_plan.h"
#include "linnet/app/machine.h"
#include "linnet/app/recogniser.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/run_report.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/core/utc.h"
#include "linnet/core/version.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"
#include "linnet/io/disk_room.h"
#include "linnet/io/file_text.h"
#include "linnet/train/callbacks/checkpointer.h"
#include "linnet/train/callbacks/csv_logger.h"
#include "linnet/train/callbacks/overfitting.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

RunFolder run_folder_of(const Request& request) {
  return RunFolder(request.has("out") ? std::optional(request.path("out")) : std::nullopt,
                   data_name(request.path("path")) + "-" + request.text("arch"));
}

// All that is needed to do it again.
Json config_of(const Request& request, Precision precision) {
  return Json{{"linnet", kVersion},
              {"libtorch", TORCH_VERSION},
              {"command", request.command()},
              {"folder", fs::current_path().string()},
              {"job", request.job()},
              {"values", request.values()},
              {"precision", to_string(precision)},
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

// The figures of the last epoch, and where everything is.
Json result_of(const Learner& learn, const RunFolder& run) {
  Json result{{"run", run.path().string()},
              {"model", run.model_file().string()},
              {"log", run.log_file().string()}};
  if (fs::exists(run.report_file())) result["report"] = run.report_file().string();
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

void tell_next(const Request& request, const Json& result, Reporter& reporter) {
  const std::string& model = result.at("model").as_string();
  const Json* report = result.find("report");
  reporter.note(fmt::format(
      "\nmodel     {}\nlog       {}\n{}\nTry it:   linnet predict {} PICTURE...", model,
      result.at("log").as_string(),
      report != nullptr ? "report    " + report->as_string() + '\n' : "", shell_quoted(model)));
  if (request.integer("epochs") < 4)
    reporter.note(fmt::format("Train on: linnet train {} ... --epochs 4   often makes it better",
                              shell_quoted(request.text("path"))));
}

Callbacks callbacks_of(const Request& request, const RunFolder& run) {
  auto callbacks = watchers_of(request);
  callbacks.push_back(std::make_shared<CsvLogger>(run.log_file()));
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

// What only a run that goes on would need. What stays does no harm: the model is there.
void remove_leftovers(const RunFolder& run) {
  std::error_code ignored;
  fs::remove(run.checkpoint_file(), ignored);
  fs::remove_all(run.path() / "models", ignored);  // the best weights of --save-best
}

// The split of a run that goes on must be the one it began with: who is on which side, in which
// order.
void save_same_split(const DataLoaders& dls, const RunFolder& run) {
  std::error_code ignored;
  const bool goes_on = fs::exists(run.split_file(), ignored);
  const std::string before = goes_on ? file_text(run.split_file(), "train") : std::string();
  dls.save_split(run.split_file());
  if (!goes_on || file_text(run.split_file(), "train") == before) return;
  write_atomically(run.split_file(), before);
  throw DataError("train", run.path(),
                  "cannot go on: the pictures or their split are no longer those that the run "
                  "began with (split.csv). Start a new run.");
}

// `config` is that of the run: of one that goes on, as it was written.
Json train_in(RunFolder& run, Json config, const Request& request, Reporter& reporter) {
  const Precision precision = precision_named(config.at("precision").as_string());
  const auto dls = load_image_data(image_data_of(request), reporter);
  save_same_split(dls, run);
  Learner learn = recogniser_of(request, dls,
                                {.precision = precision,
                                 .callbacks = callbacks_of(request, run),
                                 .path = run.path(),
                                 .reporter = &reporter});
  if (fs::exists(run.checkpoint_file())) learn.resume(run.checkpoint_file());
  require_disk_room(run.path(), room_for(learn.network().module()), "the model and its checkpoint");
  config["data"] = dls.about;
  run.write_config(config);
  tell_plan(request, dls.about, precision, run.path(), reporter);
  try {
    fit(learn, request);
    learn.export_to(run.model_file());
  } catch (...) {
    if (fs::exists(run.checkpoint_file())) run.keep();  // an epoch's work is worth keeping
    throw;
  }
  run.keep();
  remove_leftovers(run);
  if (learn.has_opt()) config["optimizer"] = learn.opt().name();
  make_report(run, config, request, reporter);
  return result_of(learn, run);
}

}  // namespace

Json train(const Request& request, Reporter& reporter) {
  check_recogniser(request);
  check_fit(request);
  const Precision precision = precision_of(request);
  if (!fs::is_directory(request.path("path"))) {
    throw DataError("train", request.path("path"),
                    fs::exists(request.path("path")) ? "is no folder. Give the folder of pictures."
                                                     : "there is no such folder. Check the path.");
  }
  RunFolder run = run_folder_of(request);
  const Json config = config_of(request, precision);
  run.write_config(config);
  return train_in(run, config, request, reporter);
}

namespace {

// The run is over: its last row, as it was told then.
Json finished(const RunFolder& run, Reporter& reporter) {
  remove_leftovers(run);  // of a kill just after the model was written
  Json result{{"run", run.path().string()},
              {"model", run.model_file().string()},
              {"log", run.log_file().string()}};
  const CsvTable log = read_csv(run.log_file());
  reporter.note("This run is finished. Its last epoch:");
  reporter.table(log.header);
  Json row = Json::object();
  for (size_t i = 0; i < log.header.size() && !log.rows.empty(); ++i) {
    const std::string& cell = log.rows.back()[i];
    const std::string& column = log.header[i];
    if (cell.empty()) continue;
    const bool whole = cell.find_first_not_of("-0123456789") == std::string::npos;
    row[column] = whole ? Json::parse(cell) : Json(std::strtod(cell.c_str(), nullptr));
    if (column != "fit" && column != "epoch" && column != "time") result[column] = row[column];
  }
  reporter.row(row);
  return result;
}

Json resume(const Request& asked, Reporter& reporter) {
  const auto& names = asked.values().as_object();
  for (const auto& [name, value] : names) {
    if (name == "resume" || !asked.is_given(name)) continue;
    throw UsageError("train", fmt::format("--resume goes on with the options of that run: leave "
                                          "out {}",
                                          name == "path" ? "PATH" : "--" + name));
  }
  RunFolder run = RunFolder::existing(asked.path("resume"));
  const Json config = run.read_config();
  if (fs::exists(run.model_file())) return finished(run, reporter);
  const fs::path folder = config.at("folder").as_string();
  if (folder != fs::current_path()) {
    throw UsageError("train",
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
  return train_in(run, config, Request("train", train_fields(), config.at("values")), reporter);
}

Json run_train(const Request& request, Reporter& reporter) {
  if (request.has("resume")) return resume(request, reporter);
  const Json result = train(request, reporter);
  tell_next(request, result, reporter);
  return result;
}

}  // namespace

const Registered<Job> train_job{
    {.name = "train",
     .summary = "train a recogniser on a folder of pictures",
     .help =
         "Takes pretrained weights, puts a new head on them and fine-tunes: with the defaults, "
         "the\n"
         "first program of the fastai book. Some pictures are held out; the table's error_rate is\n"
         "the share of these that the model gets wrong. The run's folder gets config.json (how to\n"
         "repeat it), log.csv, model.safetensors (all that `linnet predict` needs) and "
         "report.html,\n"
         "one page on all of it.\n\n"
         "Examples\n"
         "  linnet train pets/images --label name-case       cats: True, as their names are "
         "capital\n"
         "  linnet train photos                              one folder a class\n"
         "  linnet train birds --label 'regex:^(.+)_\\d+'     the name up to its number\n"
         "  linnet train scans --label csv:labels.csv --arch resnet18 --epochs 5 --out runs/scans\n"
         "  linnet train --resume runs/scans                 go on where it was stopped\n"
         "  linnet train xrays --split group:regex:'^(patient[0-9]+)_'  no patient on both sides\n"
         "  linnet train films --label 'csv:films.csv:genres:,'         several labels a picture",
     .fields = train_fields,
     .run = run_train}};

}  // namespace linnet
