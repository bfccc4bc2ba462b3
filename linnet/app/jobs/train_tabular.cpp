#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/tabular_data.h"
#include "linnet/app/training_fit.h"
#include "linnet/app/training_run.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/metric/metric.h"
#include "linnet/optim/optimizers.h"
#include "linnet/tabular/learner.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kJob = "train tabular";

std::vector<Field> model_fields() {
  using enum FieldKind;
  return {
      {.name = "layers",
       .kind = list,
       .help = "widths of the hidden layers",
       .preset = Json(Json::Array{"200", "100"}),
       .placeholder = "N,..."},
      {.name = "dropout",
       .kind = number,
       .help = "share of each hidden layer that is left out at random in training",
       .preset = 0.0,
       .min = 0,
       .max = 0.95},
      {.name = "embed-dropout",
       .kind = number,
       .help = "the same of the embeddings",
       .preset = 0.0,
       .min = 0,
       .max = 0.95},
      {.name = "y-range",
       .kind = list,
       .help = "of a number: outputs are squeezed between these; a bit wider than what there is",
       .preset_note = "none",
       .placeholder = "LOW,HIGH"},
      {.name = "metrics",
       .kind = list,
       .help = "columns of the table, separated by commas",
       .preset_note = "accuracy for classes, rmse for numbers",
       .choices = registry<MetricRow>().names()},
      {.name = "opt",
       .kind = choice,
       .help = "the optimizer",
       .preset = "adam",
       .choices = registry<OptimizerEntry>().names()},
      {.name = "wd",
       .kind = number,
       .help = "weight decay",
       .preset_note = "the optimizer's own; adam 0.01",
       .min = 0}};
}

std::vector<Field> train_fields() {
  auto fields = tabular_data_fields();
  for (const auto& more :
       {model_fields(), fit_fields({.epochs = 3, .lr = 1e-3, .fit = "fit_one_cycle"}),
        watch_fields(), run_fields("NAME-tabular")}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

// All of `text` as a number above 0, for an option of several.
double number_in_option(const std::string& text, const char* option, bool whole) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool fits = end != text.c_str() && *end == '\0' && std::abs(number) < 1e9;
  if (fits && (!whole || (number >= 1 && number == std::floor(number)))) return number;
  throw UsageError(kJob, fmt::format("{}: got '{}', expected {}", option, shown_text(text),
                                     whole ? "whole numbers above 0" : "numbers"));
}

std::vector<int64_t> layers_of(const Request& request) {
  std::vector<int64_t> layers;
  for (const std::string& text : request.texts("layers")) {
    layers.push_back(static_cast<int64_t>(number_in_option(text, "--layers", true)));
  }
  return layers;
}

std::optional<std::pair<double, double>> y_range_of(const Request& request) {
  if (!request.has("y-range")) return std::nullopt;
  const auto texts = request.texts("y-range");
  if (texts.size() == 2) {
    const std::pair range(number_in_option(texts[0], "--y-range", false),
                          number_in_option(texts[1], "--y-range", false));
    if (range.first < range.second) return range;
  }
  throw UsageError(kJob, fmt::format("--y-range: got '{}', expected LOW,HIGH with LOW below HIGH",
                                     shown_text(join(texts, ","))));
}

std::vector<std::string> metric_names(const Request& request) {
  if (request.has("metrics")) return request.texts("metrics");
  return {"accuracy", "rmse"};  // whichever suits the target
}

void check(const Request& request) {
  check_tabular_data(request);
  layers_of(request);
  y_range_of(request);
  check_fit(request, metric_names(request));
  const auto file = request.path("path");
  if (fs::is_regular_file(file)) return;
  throw DataError(
      kJob, file,
      fs::exists(file) ? "is no file. Give a CSV file." : "there is no such file. Check the path.");
}

std::vector<MetricSpec> metrics_of(const Request& request, const DataLoaders& dls) {
  const bool classes = dls.pipeline().target()->kind() == Kind::category;
  if (!request.has("metrics")) {
    return {registry<MetricRow>().at(classes ? "accuracy" : "rmse")};
  }
  std::vector<MetricSpec> metrics;
  for (const std::string& name : request.texts("metrics")) {
    metrics.emplace_back(registry<MetricRow>().at(name));
    const auto metric = metrics.back().make();
    metric->reset();
    try {  // rather now than after the first epoch
      metric->update(classes ? torch::eye(dls.c()) : torch::zeros({4, dls.c()}),
                     classes ? torch::arange(dls.c()) : torch::zeros({4, dls.c()}));
    } catch (const Error& e) {
      throw UsageError(kJob, fmt::format("--metrics: {} does not suit {}: {}", name,
                                         classes ? "classes" : "numbers", e.what()));
    }
  }
  return metrics;
}

Learner learner_of(const Request& request, const DataLoaders& dls, const TrainingParts& parts) {
  torch::manual_seed(static_cast<uint64_t>(request.integer("seed")));
  TabularLearnerOptions options;
  options.layers = layers_of(request);
  options.metrics = metrics_of(request, dls);
  options.y_range = y_range_of(request);
  if (options.y_range && dls.pipeline().target()->kind() == Kind::category) {
    throw UsageError(kJob, "--y-range is for numbers: these targets are classes");
  }
  options.config.ps = {request.number("dropout")};
  options.config.embed_p = request.number("embed-dropout");
  options.opt_func = registry<OptimizerEntry>().at(request.text("opt")).make;
  if (request.has("wd")) options.wd = request.number("wd");
  options.callbacks = parts.callbacks;
  options.path = parts.path;
  options.reporter = parts.reporter;
  return tabular_learner(dls, options);
}

std::string names_of(const Json& about, const char* name) {
  const Json* names = about.find(name);
  if (names == nullptr || names->as_array().empty()) return "none";
  return join(names->as_strings(), ", ");
}

void tell_plan(const Request& request, const Json& about, Precision, Reporter& reporter) {
  reporter.note(fmt::format("data      {}: {} rows to train on, {} held out; seed {}, split {}",
                            about.at("data").as_string(), about.at("train").as_int(),
                            about.at("valid").as_int(), about.at("seed").as_int(),
                            about.at("split_hash").as_string()));
  if (about.at("test").as_int() > 0) {
    reporter.note(fmt::format("test      {} rows are held back", about.at("test").as_int()));
  }
  reporter.note("predicts  " + names_of(about, "y_names"));
  reporter.note("from      categories: " + names_of(about, "cat_names"));
  reporter.note("          numbers: " + names_of(about, "cont_names"));
  reporter.note(fmt::format("model     layers of {}; {}; batches of {}, lr {:g}, {} threads",
                            join(request.texts("layers"), ", "), recipe_line(request),
                            request.integer("batch-size"), request.number("lr"),
                            at::get_num_threads()));
}

std::vector<std::string> next_commands(const Request& request, const std::string& model) {
  return {fmt::format("Try it:   linnet predict {} {}", model, shell_quoted(request.text("path"))),
          fmt::format("One row:  linnet predict {} COLUMN=VALUE COLUMN=VALUE ...", model)};
}

TrainingTask tabular_training() {
  // Who is where is known when the table is read; only then is it written.
  const auto split = std::make_shared<SplitIndices>();
  TrainingTask task;
  task.job = kJob;
  task.fields = train_fields;
  task.run_name = [](const Request& request) {
    return request.path("path").stem().string() + "-tabular";
  };
  task.check = check;
  task.load = [split](const Request& request, Reporter&) -> DataLoaders {
    auto dls = load_tabular_data(request);
    *split = dls.split();
    return dls;
  };
  task.learner = learner_of;
  task.save_split = [split](const DataLoaders& dls, const fs::path& file) {
    std::vector<fs::path> rows;
    const auto n = dls.about.at("rows").as_int();
    for (int64_t row = 0; row < n; ++row) rows.emplace_back(std::to_string(row));
    save_split(file, *split, rows, {});
  };
  task.tell_plan = tell_plan;
  task.next = next_commands;
  return task;
}

}  // namespace

const Registered<Job> train_tabular_job{
    {.name = kJob,
     .summary = "train a model on the rows of a CSV file",
     .help =
         "Predicts one column of a table from the others: a class or a number. Categories get\n"
         "embeddings; missing numbers are filled by the median and marked; numbers are scaled.\n"
         "All of that is learnt from the rows to train on and kept in the model.\n\n"
         "Examples\n"
         "  linnet train tabular adult.csv --y salary\n"
         "  linnet train tabular adult.csv --y salary --cat workclass,education --cont age\n"
         "  linnet train tabular day.csv --y cnt --date dteday --split time:dteday \\\n"
         "      --skip instant,casual,registered --y-range 0,10000 --epochs 20\n"
         "  linnet train tabular --resume runs/adult-tabular",
     .fields = train_fields,
     .run = [](const Request& request, Reporter& reporter) {
       return run_training(tabular_training(), request, reporter);
     }}};

}  // namespace linnet
