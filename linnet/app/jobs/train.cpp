#include "linnet/app/jobs/train.h"

#include <fmt/format.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/app/run_folder.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/core/version.h"
#include "linnet/io/disk_room.h"
#include "linnet/metric/metric.h"
#include "linnet/models/model_entry.h"
#include "linnet/train/callbacks/csv_logger.h"
#include "linnet/train/callbacks/mixed_precision.h"
#include "linnet/vision/learner.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

// Why a metric cannot judge a recogniser of `classes` classes; nothing when it can. Tried on a
// small batch, so that a wrong choice is told before the first epoch and not after it.
std::optional<std::string> misfit(const MetricSpec& spec, int64_t classes) {
  const auto metric = spec.make();
  metric->reset();
  try {
    metric->update(torch::eye(classes), torch::arange(classes));
    metric->value();
    return std::nullopt;
  } catch (const Error& e) {
    return e.what();
  }
}

std::vector<std::string> class_metrics() {
  std::vector<std::string> names;
  for (const MetricRow& row : registry<MetricRow>().rows()) {
    if (!misfit(row, 2)) names.emplace_back(row.name);
  }
  return names;
}

void check_metrics(const std::vector<MetricSpec>& metrics, int64_t classes) {
  for (const MetricSpec& metric : metrics) {
    if (const auto reason = misfit(metric, classes)) {
      throw UsageError("train", fmt::format("--metrics: {} does not suit {} classes: {}",
                                            metric.name(), classes, *reason));
    }
  }
}

std::vector<Field> training_fields() {
  using enum FieldKind;
  return {
      {.name = "arch",
       .kind = choice,
       .help = "the model",
       .preset = "resnet34",
       .choices = registry<ModelEntry>().names()},
      {.name = "size",
       .kind = integer,
       .help = "pixels: pictures are cropped and resized to squares of it",
       .preset = 224,
       .min = 8,
       .max = 4096},
      {.name = "flip",
       .kind = flag,
       .help = "mirror half of the training pictures, others each time: as good as more pictures, "
               "where left and right do not matter"},
      {.name = "min-scale",
       .kind = number,
       .help = "below 1: train on random parts of at least this share of a picture's area",
       .preset = 1.0,
       .min = 0.01,
       .max = 1},
      {.name = "augment",
       .kind = flag,
       .help = "change the training pictures at random, each time anew: mirror, turn, zoom, "
               "perspective, light"},
      {.name = "presize",
       .kind = integer,
       .help = "with --augment: first resize to squares of so many pixels, then change and cut",
       .preset_note = "none; 460 is usual for --size 224",
       .min = 8,
       .max = 4096},
      {.name = "epochs",
       .kind = integer,
       .help = "rounds over the training pictures, of the whole model",
       .preset = 1,
       .min = 1},
      {.name = "freeze-epochs",
       .kind = integer,
       .help = "rounds before these, of the new head alone, when the weights are pretrained",
       .preset = 1,
       .min = 0},
      {.name = "weights",
       .help = "to begin with: imagenet (fetched once), none (from scratch), or a .pth or "
               ".safetensors FILE",
       .preset = "imagenet",
       .placeholder = "imagenet|none|FILE"},
      {.name = "metrics",
       .kind = list,
       .help = "columns of the table, separated by commas",
       .preset = Json(Json::Array{"error_rate"}),
       .choices = class_metrics()},
      {.name = "batch-size",
       .kind = integer,
       .help = "pictures in one step; fewer need less memory",
       .preset = 64,
       .min = 1},
      {.name = "lr",
       .kind = number,
       .help = "learning rate",
       .preset = 2e-3,
       .min = 0,
       .open_range = true},
      {.name = "workers",
       .kind = integer,
       .help = "threads that read pictures",
       .preset_note = "one a core, 16 at most",
       .min = 0,
       .max = 256},
      {.name = "precision",
       .kind = choice,
       .help = "of the arithmetic; auto takes bfloat16 where the processor computes in it",
       .preset = "auto",
       .choices = {"float32", "bfloat16", "auto"}},
      {.name = "out",
       .kind = path,
       .help = "new folder for the model, the log and the configuration",
       .preset_note = "runs/NAME-ARCH, numbered",
       .placeholder = "DIR"},
  };
}

std::vector<Field> train_fields() {
  auto fields = image_data_fields();
  for (Field& field : training_fields()) fields.push_back(std::move(field));
  return fields;
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

// Many data sets keep their pictures in a folder "images": the one above it says more.
std::string data_name(const fs::path& path) {
  fs::path folder = fs::absolute(path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.filename() == "images") folder = folder.parent_path();
  return folder.filename().empty() ? "run" : folder.filename().string();
}

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
              {"precision", precision == Precision::bfloat16 ? "bfloat16" : "float32"},
              {"threads", at::get_num_threads()}};
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
  for (const auto& [name, value] : learn.recorder().rows().back().as_object()) {
    if (name != "epoch" && name != "time") result[name] = value;
  }
  return result;
}

void tell_next(const Request& request, const Json& result, Reporter& reporter) {
  const std::string& model = result.at("model").as_string();
  reporter.note(
      fmt::format("\nmodel     {}\nlog       {}\n\nTry it:   linnet predict {} PICTURE...", model,
                  result.at("log").as_string(), shell_quoted(model)));
  if (request.integer("epochs") < 4)
    reporter.note(fmt::format("Train on: linnet train {} ... --epochs 4   often makes it better",
                              shell_quoted(request.text("path"))));
}

}  // namespace

Json train(const Request& request, Reporter& reporter) {
  const Weights weights = weights_of(request);
  const Precision precision = precision_of(request);
  const auto metrics = metrics_of(request);
  if (!fs::is_directory(request.path("path"))) {
    throw DataError("train", request.path("path"),
                    fs::exists(request.path("path")) ? "is no folder. Give the folder of pictures."
                                                     : "there is no such folder. Check the path.");
  }
  RunFolder run = run_folder_of(request);
  Json config = config_of(request, precision);
  run.write_config(config);

  const auto dls = load_image_data(image_data_of(request), reporter);
  dls.save_split(run.split_file());
  const Kind target = dls.pipeline().target()->kind();
  if (target == Kind::category) check_metrics(metrics, dls.c());
  HeadOptions head;
  if (target == Kind::points) head.y_range = std::pair(-1.0, 1.0);
  const auto log = std::make_shared<CsvLogger>(run.log_file());
  Callbacks callbacks = {log};
  if (precision == Precision::bfloat16) callbacks.push_back(std::make_shared<MixedPrecision>());
  Learner learn = vision_learner(dls, registry<ModelEntry>().at(request.text("arch")),
                                 {.metrics = metrics_for(target, metrics),
                                  .weights = weights,
                                  .head = head,
                                  .callbacks = callbacks,
                                  .path = run.path(),
                                  .reporter = &reporter});
  constexpr int64_t kLogAndConfig = 1 << 20;
  require_disk_room(run.path(), bytes_of(learn.network().module()) + kLogAndConfig, "the model");
  config["data"] = dls.about;
  run.write_config(config);
  tell_plan(request, dls.about, precision, weights.pretrained(), run.path(), reporter);
  try {
    fit(learn, request, weights.pretrained());
    learn.export_to(run.model_file());
  } catch (...) {
    if (log->rows() > 0) run.keep();  // an epoch's figures are worth keeping
    throw;
  }
  run.keep();
  return result_of(learn, run);
}

namespace {

Json run_train(const Request& request, Reporter& reporter) {
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
         "repeat it), log.csv and model.safetensors (all that `linnet predict` needs).\n\n"
         "Examples\n"
         "  linnet train pets/images --label name-case       cats: True, as their names are "
         "capital\n"
         "  linnet train photos                              one folder a class\n"
         "  linnet train birds --label 'regex:^(.+)_\\d+'     the name up to its number\n"
         "  linnet train scans --label csv:labels.csv --arch resnet18 --epochs 5 --out runs/scans\n"
         "  linnet train xrays --split group:regex:'^(patient[0-9]+)_'  no patient on both sides\n"
         "  linnet train films --label 'csv:films.csv:genres:,'         several labels a picture",
     .fields = train_fields,
     .run = run_train}};

}  // namespace linnet
