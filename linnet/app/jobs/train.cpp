#include "linnet/app/jobs/train.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/app/jobs/train_fields.h"
#include "linnet/app/machine.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/run_report.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/core/version.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"
#include "linnet/io/disk_room.h"
#include "linnet/io/file_text.h"
#include "linnet/metric/metric.h"
#include "linnet/models/model_entry.h"
#include "linnet/train/callbacks/checkpointer.h"
#include "linnet/train/callbacks/csv_logger.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/train/callbacks/overfitting.h"
#include "linnet/train/callbacks/time_limit.h"
#include "linnet/vision/learner.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

// "90s", "10m", "2h", or seconds.
std::optional<double> time_limit_of(const Request& request) {
  if (!request.has("time-limit")) return std::nullopt;
  const std::string& text = request.text("time-limit");
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const std::string_view unit = end;
  const double scale = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  const double seconds = number * scale;
  if (end == text.c_str() || !(seconds > 0) || !std::isfinite(seconds)) {
    throw UsageError("train", fmt::format("--time-limit: got '{}', expected a time as 90s, 10m or "
                                          "2h",
                                          text));
  }
  return seconds;
}

Weights weights_of(const Request& request) {
  const std::string& text = request.text("weights");
  if (text == "imagenet") return Weights::imagenet();
  if (text == "none") return Weights::none();
  if (!fs::exists(text)) {
    throw DataError("train", text,
                    "there is no such weights file. Expected imagenet, none or a .pth or "
                    ".safetensors file.");
  }
  return Weights::file(text);
}

Precision precision_of(const Request& request) {
  const std::string& text = request.text("precision");
  if (text == "auto") return best_precision();
  return text == "bfloat16" ? Precision::bfloat16 : Precision::float32;
}

std::vector<MetricSpec> metrics_of(const Request& request) {
  std::vector<MetricSpec> metrics;
  for (const std::string& name : request.texts("metrics")) {
    const bool twice = std::any_of(metrics.begin(), metrics.end(),
                                   [&](const MetricSpec& metric) { return metric.name() == name; });
    if (!twice) metrics.emplace_back(registry<MetricRow>().at(name));
  }
  return metrics;
}

// What is shown when labels are no single class.
std::vector<MetricSpec> metrics_for(Kind target, std::vector<MetricSpec> wanted) {
  if (target == Kind::category) return wanted;
  const auto* row =
      registry<MetricRow>().find(target == Kind::categories ? "accuracy_multi" : "mae");
  return row != nullptr ? std::vector<MetricSpec>{*row} : std::vector<MetricSpec>{};
}

RunFolder run_folder_of(const Request& request) {
  return RunFolder(request.has("out") ? std::optional(request.path("out")) : std::nullopt,
                   data_name(request.path("path")) + "-" + request.text("arch"));
}

std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

// All that is needed to do it again.
Json config_of(const Request& request, Precision precision) {
  return Json{{"linnet", kVersion},
              {"libtorch", TORCH_VERSION},
              {"command", request.command()},
              {"folder", fs::current_path().string()},
              {"job", request.job()},
              {"values", request.values()},
              {"precision", precision == Precision::bfloat16 ? "bfloat16" : "float32"},
              {"threads", at::get_num_threads()},
              {"started", now_text()},
              {"machine", machine_facts()}};
}

std::string class_line(const Json& about) {
  if (!about.contains("train_classes")) return "none: the labels are numbers";
  constexpr size_t kMost = 8;
  std::vector<std::string> parts;
  const auto& counts = about.at("train_classes").as_object();
  for (const auto& [label, count] : counts) {
    if (parts.size() == kMost) break;
    const Json* held_out = about.at("valid_classes").find(label);
    parts.push_back(fmt::format("{} {} + {}", label, count.as_int(),
                                held_out != nullptr ? held_out->as_int() : 0));
  }
  const std::string more =
      counts.size() > kMost ? fmt::format(", and {} more", counts.size() - kMost) : "";
  return fmt::format("{} ({}{})", counts.size(), join(parts, ", "), more);
}

std::string augmentation_line(const Request& request) {
  std::string line;
  if (request.number("min-scale") < 1) line += ", random parts in training";
  if (request.flag("flip")) line += ", half of them mirrored in training";
  if (request.flag("augment")) line += ", changed at random in training";
  return line;
}

void tell_plan(const Request& request, const Json& about, Precision precision, bool pretrained,
               const fs::path& run, Reporter& reporter) {
  reporter.note(fmt::format("data      {}: {} pictures to train on, {} held out; seed {}, split {}",
                            about.at("data").as_string(), about.at("train").as_int(),
                            about.at("valid").as_int(), about.at("seed").as_int(),
                            about.at("split_hash").as_string()));
  if (about.at("test").as_int() > 0) {
    reporter.note(
        fmt::format("test      {} pictures are held back: `linnet validate ... --part "
                    "test` measures on them, once",
                    about.at("test").as_int()));
  }
  reporter.note("classes   " + class_line(about));
  reporter.note(fmt::format("model     {}, {}, pictures of {} x {}{}", request.text("arch"),
                            pretrained ? "weights " + request.text("weights")
                                       : std::string("from scratch: no pretrained weights"),
                            request.integer("size"), request.integer("size"),
                            augmentation_line(request)));
  const std::string recipe =
      pretrained ? fmt::format("fine_tune: {} epoch(s) of the head, then {} of the whole model",
                               request.integer("freeze-epochs"), request.integer("epochs"))
                 : fmt::format("fit_one_cycle: {} epoch(s) of the whole model, nothing frozen",
                               request.integer("epochs"));
  reporter.note(fmt::format("training  {}; batches of {}, lr {:g}, {}, {} threads", recipe,
                            request.integer("batch-size"), request.number("lr"),
                            precision == Precision::bfloat16 ? "bfloat16" : "float32",
                            at::get_num_threads()));
  reporter.note(fmt::format("run       {}\n", run.string()));
}

int64_t bytes_of(const torch::nn::Module& model) {
  int64_t bytes = 0;
  for (const auto& tensors : {model.parameters(), model.buffers()}) {
    for (const auto& tensor : tensors) bytes += static_cast<int64_t>(tensor.nbytes());
  }
  return bytes;
}

void fit(Learner& learn, const Request& request, bool pretrained) {
  const double lr = request.number("lr");
  if (pretrained)
    learn.fine_tune(request.integer("epochs"),
                    {.base_lr = lr, .freeze_epochs = request.integer("freeze-epochs")});
  else
    learn.fit_one_cycle(request.integer("epochs"), {.lr_max = lr});
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
    if (request.values().contains("no-report") && request.flag("no-report")) return;
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

}  // namespace

namespace {

// The recogniser as the run asks for it, not yet trained.
Learner learner_of(const Request& request, const ImageDataLoaders& dls, const RunFolder& run,
                   const Callbacks& callbacks, Reporter& reporter) {
  const Kind target = dls.pipeline().target()->kind();
  const auto metrics = metrics_of(request);
  if (target == Kind::category) check_metrics(metrics, dls.c());
  HeadOptions head;
  if (target == Kind::points) head.y_range = std::pair(-1.0, 1.0);
  return vision_learner(dls, registry<ModelEntry>().at(request.text("arch")),
                        {.metrics = metrics_for(target, metrics),
                         .weights = weights_of(request),
                         .head = head,
                         .callbacks = callbacks,
                         .path = run.path(),
                         .reporter = &reporter});
}

Callbacks callbacks_of(const Request& request, Precision precision, const RunFolder& run) {
  Callbacks callbacks = {std::make_shared<CsvLogger>(run.log_file()),
                         std::make_shared<OverfittingWarning>(),
                         std::make_shared<Checkpointer>(run.checkpoint_file())};
  if (precision == Precision::bfloat16) callbacks.push_back(std::make_shared<MixedPrecision>());
  if (const auto seconds = time_limit_of(request))
    callbacks.push_back(std::make_shared<TimeLimit>(*seconds));
  return callbacks;
}

// The model, two checkpoints (one while the next is written: the weights and Adam's two averages
// each) and what else is written.
int64_t room_for(const torch::nn::Module& model) {
  constexpr int64_t kLogAndConfig = 1 << 20;
  return 7 * bytes_of(model) + kLogAndConfig;
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
  const bool pretrained = weights_of(request).pretrained();
  const Precision precision =
      config.at("precision").as_string() == "bfloat16" ? Precision::bfloat16 : Precision::float32;
  const auto dls = load_image_data(image_data_of(request), reporter);
  save_same_split(dls, run);
  Learner learn = learner_of(request, dls, run, callbacks_of(request, precision, run), reporter);
  if (fs::exists(run.checkpoint_file())) learn.resume(run.checkpoint_file());
  require_disk_room(run.path(), room_for(learn.network().module()), "the model and its checkpoint");
  config["data"] = dls.about;
  run.write_config(config);
  tell_plan(request, dls.about, precision, pretrained, run.path(), reporter);
  try {
    fit(learn, request, pretrained);
    learn.export_to(run.model_file());
  } catch (...) {
    if (fs::exists(run.checkpoint_file())) run.keep();  // an epoch's work is worth keeping
    throw;
  }
  run.keep();
  std::error_code ignored;  // a checkpoint that stays does no harm: the model is there
  fs::remove(run.checkpoint_file(), ignored);
  if (learn.has_opt()) config["optimizer"] = learn.opt().name();
  make_report(run, config, request, reporter);
  return result_of(learn, run);
}

}  // namespace

Json train(const Request& request, Reporter& reporter) {
  weights_of(request);
  metrics_of(request);
  time_limit_of(request);
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
  std::error_code ignored;  // left by a kill just after the model was written
  fs::remove(run.checkpoint_file(), ignored);
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
