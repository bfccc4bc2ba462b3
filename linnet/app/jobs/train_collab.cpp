#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/app/collab_data.h"
#include "linnet/app/job.h"
#include "linnet/app/training_fit.h"
#include "linnet/app/training_run.h"
#include "linnet/collab/learner.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/metric/metric.h"
#include "linnet/optim/optimizers.h"

namespace linnet {

namespace {

constexpr const char* kJob = "train collab";

std::vector<Field> model_fields() {
  using enum FieldKind;
  return {
      {.name = "y-range",
       .kind = list,
       .help = "the answers lie between these; a little wider than the ratings: 0.5,5.5 for "
               "ratings from 0.5 to 5",
       .preset_note = "a tenth beyond the ratings that there are",
       .placeholder = "LOW,HIGH"},
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
      {.name = "metrics",
       .kind = list,
       .help = "columns of the table, separated by commas",
       .preset = Json(Json::Array{"rmse", "mae"}),
       .choices = registry<MetricRow>().names()},
      {.name = "opt",
       .kind = choice,
       .help = "the optimizer",
       .preset = "adam",
       .choices = registry<OptimizerEntry>().names()},
      {.name = "wd",
       .kind = number,
       .help = "weight decay: more where few have rated much",
       .preset_note = "the optimizer's own; adam 0.01",
       .min = 0}};
}

std::vector<Field> train_fields() {
  auto fields = collab_data_fields();
  for (const auto& more :
       {model_fields(), fit_fields({.epochs = 10, .lr = 2e-3, .fit = "fine_tune"}), watch_fields(),
        run_fields("NAME-collab")}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

std::optional<double> finite_in(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0' || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::pair<double, double>> y_range_of(const Request& request) {
  if (!request.has("y-range")) return std::nullopt;
  const auto texts = request.texts("y-range");
  if (texts.size() == 2) {
    const auto low = finite_in(texts[0]), high = finite_in(texts[1]);
    if (low && high && *low < *high) return std::pair(*low, *high);
  }
  throw UsageError(kJob, fmt::format("--y-range: got '{}', expected LOW,HIGH with LOW below HIGH",
                                     shown_text(join(texts, ","))));
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

std::vector<int64_t> layers_of(const Request& request) {
  std::vector<int64_t> layers;
  if (!request.has("layers")) return layers;
  if (!request.flag("nn")) throw UsageError(kJob, "--layers goes with --nn");
  for (const std::string& text : request.texts("layers")) {
    const auto width = finite_in(text);
    if (!width || *width < 1 || *width > 1e6 || *width != std::floor(*width)) {
      throw UsageError(kJob, fmt::format("--layers: got '{}', expected whole numbers above 0",
                                         shown_text(text)));
    }
    layers.push_back(static_cast<int64_t>(*width));
  }
  return layers;
}

std::vector<MetricSpec> metrics_of(const Request& request) {
  std::vector<MetricSpec> metrics;
  for (const std::string& name : request.texts("metrics")) {
    metrics.emplace_back(registry<MetricRow>().at(name));
    const auto metric = metrics.back().make();
    metric->reset();
    try {  // rather now than after the first epoch
      metric->update(torch::zeros({4}), torch::ones({4}));
    } catch (const Error& e) {
      throw UsageError(kJob, fmt::format("--metrics: {} is not for ratings: {}", name, e.what()));
    }
  }
  return metrics;
}

void check(const Request& request) {
  check_collab_data(request);
  y_range_of(request);
  layers_of(request);
  metrics_of(request);
  check_fit(request, request.texts("metrics"));
}

Learner learner_of(const Request& request, const DataLoaders& dls, const TrainingParts& parts) {
  torch::manual_seed(static_cast<uint64_t>(request.integer("seed")));
  CollabLearnerOptions options;
  options.n_factors = request.integer("factors");
  options.y_range = y_range_of(request);
  if (!options.y_range) options.y_range = range_around(dls);
  options.use_nn = request.flag("nn");
  options.layers = layers_of(request);
  options.keep_seen = !request.flag("forget-seen");
  options.metrics = metrics_of(request);
  options.opt_func = registry<OptimizerEntry>().at(request.text("opt")).make;
  if (request.has("wd")) options.wd = request.number("wd");
  options.callbacks = parts.callbacks;
  options.path = parts.path;
  options.reporter = parts.reporter;
  return collab_learner(dls, options);
}

void tell_plan(const Request& request, const Json& about, Precision, Reporter& reporter) {
  reporter.note(fmt::format(
      "data      {}: {} users, {} items; {} ratings to train on, {} held out; seed {}, split {}",
      about.at("data").as_string(), about.at("users").as_int(), about.at("items").as_int(),
      about.at("train").as_int(), about.at("valid").as_int(), about.at("seed").as_int(),
      about.at("split_hash").as_string()));
  if (about.at("test").as_int() > 0) {
    reporter.note(fmt::format("test      {} ratings are held back", about.at("test").as_int()));
  }
  const Json& columns = about.at("columns");
  reporter.note(fmt::format(
      "columns   user '{}', item '{}', rating '{}'", shown_text(columns.at("user").as_string()),
      shown_text(columns.at("item").as_string()), shown_text(columns.at("rating").as_string())));
  reporter.note(fmt::format(
      "model     {}; {}; batches of {}, lr {:g}, {} threads",
      request.flag("nn") ? std::string("a network")
                         : fmt::format("dot product of {} factors", request.integer("factors")),
      recipe_line(request), request.integer("batch-size"), request.number("lr"),
      at::get_num_threads()));
}

std::vector<std::string> next_commands(const Request&, const std::string& model) {
  return {fmt::format("Recommend: linnet predict {} user=NAME --top 10", model),
          fmt::format("Rate:      linnet predict {} user=NAME item=NAME", model)};
}

TrainingTask collab_training() {
  // Who is where is known when the file is read; only then is it written.
  const auto loaded = std::make_shared<std::optional<CollabDataLoaders>>();
  TrainingTask task;
  task.job = kJob;
  task.fields = train_fields;
  task.run_name = [](const Request& request) {
    return request.path("path").stem().string() + "-collab";
  };
  task.check = check;
  task.load = [loaded](const Request& request, Reporter& reporter) -> DataLoaders {
    loaded->emplace(load_collab_data(request, reporter));
    return **loaded;
  };
  task.learner = learner_of;
  task.save_split = [loaded](const DataLoaders&, const std::filesystem::path& file) {
    loaded->value().save_split(file);
  };
  task.tell_plan = tell_plan;
  task.next = next_commands;
  return task;
}

}  // namespace

const Registered<Job> train_collab_job{
    {.name = kJob,
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
     .fields = train_fields,
     .run = [](const Request& request, Reporter& reporter) {
       return run_training(collab_training(), request, reporter);
     }}};

}  // namespace linnet
