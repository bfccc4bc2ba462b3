#include <fmt/format.h>
#include <torch/utils.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/learner_fields.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/tabular_data.h"
#include "linnet/app/training_fit.h"
#include "linnet/app/training_run.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/loader_parts.h"
#include "linnet/metric/metric.h"
#include "linnet/optim/optimizer.h"
#include "linnet/tabular/learner.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kTrainTabular = "train tabular";

std::vector<Field> tabular_model_fields() {
  using enum FieldKind;
  return {{.name = "layers",
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
          y_range_field(
              "of a number: outputs are squeezed between these; a bit wider than what there is",
              "none"),
          metrics_field(registry<MetricRow>().names(), nullptr,
                        "accuracy for classes, rmse for numbers")};
}

std::vector<Field> train_tabular_fields() {
  auto fields = tabular_data_fields();
  for (const auto& more : {tabular_model_fields(), optimizer_fields(),
                           fit_fields({.epochs = 3, .lr = 1e-3, .fit = "fit_one_cycle"}),
                           watch_fields(), run_fields("NAME-tabular")}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

std::vector<std::string> metric_names(const Request& request) {
  if (request.has("metrics")) return request.texts("metrics");
  return {"accuracy", "rmse"};  // whichever suits the target
}

void check_tabular(const Request& request) {
  check_tabular_data(request);
  layers_of(request);
  y_range_of(request);
  check_fit(request, metric_names(request));
  const auto file = request.path("path");
  if (fs::is_regular_file(file)) return;
  throw DataError(
      kTrainTabular, file,
      fs::exists(file) ? "is no file. Give a CSV file." : "there is no such file. Check the path.");
}

std::vector<MetricSpec> metrics_for(const Request& request, const DataLoaders& dls) {
  const bool classes = dls.pipeline().target()->kind() == Kind::category;
  if (!request.has("metrics")) {
    return {registry<MetricRow>().at(classes ? "accuracy" : "rmse")};
  }
  const auto preds = classes ? torch::eye(dls.c()) : torch::zeros({4, dls.c()});
  const auto targets = classes ? torch::arange(dls.c()) : torch::zeros({4, dls.c()});
  auto metrics = metrics_of(request);
  for (const MetricSpec& metric : metrics) {
    if (const auto reason = misfit(metric, preds, targets)) {
      throw UsageError(kTrainTabular,
                       fmt::format("--metrics: {} does not suit {}: {}", metric.name(),
                                   classes ? "classes" : "numbers", *reason));
    }
  }
  return metrics;
}

Learner tabular_learner_of(const Request& request, const DataLoaders& dls,
                           const TrainingParts& parts) {
  torch::manual_seed(static_cast<uint64_t>(request.integer("seed")));
  TabularLearnerOptions options;
  options.layers = layers_of(request);
  options.metrics = metrics_for(request, dls);
  options.y_range = y_range_of(request);
  if (options.y_range && dls.pipeline().target()->kind() == Kind::category) {
    throw UsageError(kTrainTabular, "--y-range is for numbers: these targets are classes");
  }
  options.config.ps = {request.number("dropout")};
  options.config.embed_p = request.number("embed-dropout");
  set_run_parts(options, request, parts);
  return tabular_learner(dls, options);
}

std::string names_of(const Json& about, const char* name) {
  const Json* names = about.find(name);
  if (names == nullptr || names->as_array().empty()) return "none";
  return join(names->as_strings(), ", ");
}

void tell_tabular_plan(const Request& request, const Json& about, Precision, Reporter& reporter) {
  reporter.note("predicts  " + names_of(about, "y_names"));
  reporter.note("from      categories: " + names_of(about, "cat_names"));
  reporter.note("          numbers: " + names_of(about, "cont_names"));
  reporter.note(fmt::format("model     layers of {}; {}; batches of {}, lr {:g}",
                            join(request.texts("layers"), ", "), recipe_line(request),
                            request.integer("batch-size"), request.number("lr")));
}

std::vector<std::string> tabular_next_commands(const Request& request, const std::string& model) {
  return {fmt::format("Try it:   linnet predict {} {}", model, shell_quoted(request.text("path"))),
          fmt::format("One row:  linnet predict {} COLUMN=VALUE COLUMN=VALUE ...", model)};
}

TrainingTask tabular_training() {
  TrainingTask task;
  task.job = kTrainTabular;
  task.fields = train_tabular_fields;
  task.run_name = [](const Request& request) {
    return request.path("path").stem().string() + "-tabular";
  };
  task.check = check_tabular;
  task.items = "rows";
  task.load = [](const Request& request, Reporter&) -> DataLoaders {
    return load_tabular_data(request);
  };
  task.learner = tabular_learner_of;
  task.tell_plan = tell_tabular_plan;
  task.next = tabular_next_commands;
  return task;
}

}  // namespace

const Registered<Job> train_tabular_job{
    {.name = kTrainTabular,
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
     .fields = train_tabular_fields,
     .run = [](const Request& request, Reporter& reporter) {
       return run_training(tabular_training(), request, reporter);
     }}};

}  // namespace linnet
