#include <fmt/format.h>
#include <torch/utils.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/app/collab_data.h"
#include "linnet/app/job.h"
#include "linnet/app/learner_fields.h"
#include "linnet/app/training_fit.h"
#include "linnet/app/training_run.h"
#include "linnet/collab/learner.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/metric/metric.h"
#include "linnet/optim/optimizer.h"

namespace linnet {

namespace {

constexpr const char* kTrainCollab = "train collab";

std::vector<Field> collab_model_fields() {
  using enum FieldKind;
  return {
      y_range_field("the answers lie between these; a little wider than the ratings: 0.5,5.5 for "
                    "ratings from 0.5 to 5",
                    "a tenth beyond the ratings that there are"),
      {.name = "factors",
       .kind = integer,
       .help = "numbers that describe a user, and as many an item",
       .preset = 50,
       .min = 1},
      {.name = "nn", .kind = flag, .help = "a small network in place of the dot product of these"},
      {.name = "layers",
       .kind = list,
       .help = "of --nn: widths of the hidden layers",
       .preset_note = "one as wide as --factors",
       .placeholder = "N,..."},
      {.name = "forget-seen",
       .kind = flag,
       .help = "the model does not keep who rated what; it then recommends that too"},
      metrics_field(registry<MetricRow>().names(), Json(Json::Array{"rmse", "mae"}))};
}

std::vector<Field> train_collab_fields() {
  auto fields = collab_data_fields();
  for (const auto& more : {collab_model_fields(), optimizer_fields(),
                           fit_fields({.epochs = 10, .lr = 2e-3, .fit = "fine_tune"}),
                           watch_fields(), run_fields("NAME-collab")}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

// As the book's 0.5 to 5.5 for ratings up to 5: an answer never quite reaches an end of the range.
std::pair<double, double> range_around(const DataLoaders& dls) {
  double least = std::numeric_limits<double>::max(), most = std::numeric_limits<double>::lowest();
  for (const Value& value : dls.train_ds().column(2)) {
    const double rating = std::get<Label>(value).number();
    least = std::min(least, rating);
    most = std::max(most, rating);
  }
  const double beyond = most > least ? (most - least) / 10 : 1;
  return {least - beyond, most + beyond};
}

void check_metrics(const Request& request) {
  for (const MetricSpec& metric : metrics_of(request)) {
    if (const auto reason = misfit(metric, torch::zeros({4}), torch::ones({4}))) {
      throw UsageError(kTrainCollab,
                       fmt::format("--metrics: {} is not for ratings: {}", metric.name(), *reason));
    }
  }
}

void check_collab(const Request& request) {
  check_collab_data(request);
  y_range_of(request);
  if (!layers_of(request).empty() && !request.flag("nn"))
    throw UsageError(kTrainCollab, "--layers goes with --nn");
  check_metrics(request);
  check_fit(request, request.texts("metrics"));
}

Learner collab_learner_of(const Request& request, const DataLoaders& dls,
                          const TrainingParts& parts) {
  torch::manual_seed(static_cast<uint64_t>(request.integer("seed")));
  CollabLearnerOptions options;
  options.n_factors = request.integer("factors");
  options.y_range = y_range_of(request);
  if (!options.y_range) options.y_range = range_around(dls);
  options.use_nn = request.flag("nn");
  options.layers = layers_of(request);
  options.keep_seen = !request.flag("forget-seen");
  options.metrics = metrics_of(request);
  set_run_parts(options, request, parts);
  return collab_learner(dls, options);
}

void tell_collab_plan(const Request& request, const Json& about, Precision, Reporter& reporter) {
  reporter.note(fmt::format("of        {} users, {} items", about.at("users").as_int(),
                            about.at("items").as_int()));
  const Json& columns = about.at("columns");
  reporter.note(fmt::format(
      "columns   user '{}', item '{}', rating '{}'", shown_text(columns.at("user").as_string()),
      shown_text(columns.at("item").as_string()), shown_text(columns.at("rating").as_string())));
  reporter.note(fmt::format(
      "model     {}; {}; batches of {}, lr {:g}",
      request.flag("nn") ? std::string("a network")
                         : fmt::format("dot product of {} factors", request.integer("factors")),
      recipe_line(request), request.integer("batch-size"), request.number("lr")));
}

std::vector<std::string> collab_next_commands(const Request&, const std::string& model) {
  return {fmt::format("Recommend: linnet predict {} user=NAME --top 10", model),
          fmt::format("Rate:      linnet predict {} user=NAME item=NAME", model)};
}

TrainingTask collab_training() {
  TrainingTask task;
  task.job = kTrainCollab;
  task.fields = train_collab_fields;
  task.run_name = [](const Request& request) {
    return request.path("path").stem().string() + "-collab";
  };
  task.check = check_collab;
  task.items = "ratings";
  task.load = [](const Request& request, Reporter& reporter) -> DataLoaders {
    return load_collab_data(request, reporter);
  };
  task.learner = collab_learner_of;
  task.tell_plan = tell_collab_plan;
  task.next = collab_next_commands;
  return task;
}

}  // namespace

const Registered<Job> train_collab_job{
    {.name = kTrainCollab,
     .summary = "train a recommender on who rated what",
     .help =
         "Learns from ratings what describes each user and each item, so that it can say how a\n"
         "user would rate what he has not seen. With the defaults: the recommender of the\n"
         "fastai book's first chapter. The model keeps who rated what, as it leaves that out\n"
         "when it recommends; --forget-seen if that is nobody's business.\n\n"
         "Examples\n"
         "  linnet train collab ratings.csv --y-range 0.5,5.5\n"
         "  linnet train collab films.csv --user person --item title --rating stars\n"
         "  linnet train collab u.data --delimiter tab --no-header --wd 0.1 --epochs 5\n"
         "  linnet train collab --resume runs/ratings-collab",
     .fields = train_collab_fields,
     .run = [](const Request& request, Reporter& reporter) {
       return run_training(collab_training(), request, reporter);
     }}};

}  // namespace linnet
