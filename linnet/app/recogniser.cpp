#include "linnet/app/recogniser.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "linnet/app/data_fields.h"
#include "linnet/app/learner_fields.h"
#include "linnet/core/device.h"
#include "linnet/core/error.h"
#include "linnet/metric/metric.h"
#include "linnet/models/model_entry.h"
#include "linnet/nn/losses/label_smoothing.h"
#include "linnet/train/callbacks/activation_stats.h"
#include "linnet/train/callbacks/channels_last.h"
#include "linnet/train/callbacks/cutmix.h"
#include "linnet/train/callbacks/gradient_accumulation.h"
#include "linnet/train/callbacks/gradient_clip.h"
#include "linnet/train/callbacks/mixup.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> class_metrics() {
  std::vector<std::string> names;
  for (const MetricRow& row : registry<MetricRow>().rows()) {
    if (!misfit(row, torch::eye(2), torch::arange(2))) names.emplace_back(row.name);
  }
  return names;
}

void check_metrics(const std::vector<MetricSpec>& metrics, int64_t classes,
                   const std::string& job) {
  for (const MetricSpec& metric : metrics) {
    if (const auto reason = misfit(metric, torch::eye(classes), torch::arange(classes))) {
      throw UsageError(job, fmt::format("--metrics: {} does not suit {} classes: {}", metric.name(),
                                        classes, *reason));
    }
  }
}

// What is shown when labels are no single class.
std::vector<MetricSpec> metrics_for(Kind target, std::vector<MetricSpec> wanted) {
  if (target == Kind::category) return wanted;
  const auto* row =
      registry<MetricRow>().find(target == Kind::categories ? "accuracy_multi" : "mae");
  return row != nullptr ? std::vector<MetricSpec>{*row} : std::vector<MetricSpec>{};
}

std::optional<Loss> loss_of(const Request& request, Kind target) {
  if (!request.has("label-smoothing")) return std::nullopt;
  if (target != Kind::category) {
    throw UsageError(request.job(),
                     "--label-smoothing is for one class a picture: these labels are not");
  }
  return losses::label_smoothing_cross_entropy({.eps = request.number("label-smoothing")});
}

std::vector<Field> step_fields() {
  using enum FieldKind;
  return {
      {.name = "precision",
       .kind = choice,
       .help = "of the arithmetic; auto takes bfloat16 where the processor computes in it, "
               "float16 needs a GPU",
       .preset = "auto",
       .choices = {"float32", "bfloat16", "float16", "auto"}},
      {.name = "memory-format",
       .kind = choice,
       .help = "how pictures lie in memory, by pixel (channels_last) or by colour (contiguous): "
               "auto takes the first, which trains faster",
       .preset = "auto",
       .choices = {"auto", "channels_last", "contiguous"}},
      {.name = "grad-clip",
       .kind = number,
       .help = "largest norm of the gradients: longer ones are shortened to it",
       .preset_note = "none",
       .min = 0,
       .open_range = true},
      {.name = "grad-accum",
       .kind = integer,
       .help = "step only after so many pictures, as if the batch were that large",
       .preset_note = "every batch",
       .min = 1},
      {.name = "activations",
       .kind = integer,
       .help = "watch every so many batches how each layer's activations spread, for the report",
       .preset_note = "none",
       .min = 1}};
}

// What is for one class a picture.
std::vector<Field> class_fields() {
  using enum FieldKind;
  return {metrics_field(class_metrics(), Json(Json::Array{"error_rate"})),
          {.name = "label-smoothing",
           .kind = number,
           .help = "share of each label that is spread over all classes, against overconfidence; "
                   "0.1 is usual",
           .preset_note = "none",
           .min = 0,
           .max = 1,
           .open_range = true},
          {.name = "mixup",
           .kind = number,
           .help = "train on blends of two pictures; larger blends more, 0.4 is usual",
           .preset_note = "none",
           .min = 0,
           .open_range = true},
          {.name = "cutmix",
           .kind = number,
           .help = "train on pictures with a part of another one; 1 is usual",
           .preset_note = "none",
           .min = 0,
           .open_range = true}};
}

}  // namespace

std::vector<Field> network_fields(const NetworkPresets& presets) {
  std::vector<Field> fields = {
      {.name = "arch",
       .kind = FieldKind::choice,
       .help = presets.arch_help,
       .preset = presets.arch,
       .choices = registry<ModelEntry>().names()},
      {.name = "weights",
       .help = "to begin with: imagenet (fetched once), none (from scratch), or a .pth or "
               ".safetensors FILE",
       .preset = "imagenet",
       .placeholder = "imagenet|none|FILE"},
      batch_size_field("pictures", presets.batch_size),
      workers_field()};
  for (const auto& more : {optimizer_fields(), step_fields()})
    fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

std::vector<Field> recogniser_fields() {
  auto fields = network_fields({});
  for (Field& field : class_fields()) fields.push_back(std::move(field));
  return fields;
}

Weights weights_of(const Request& request) {
  const std::string& text = request.text("weights");
  if (text == "imagenet") return Weights::imagenet();
  if (text == "none") return Weights::none();
  if (!fs::exists(text)) {
    throw DataError(request.job(), text,
                    "there is no such weights file. Expected imagenet, none or a .pth or "
                    ".safetensors file.");
  }
  return Weights::file(text);
}

Precision precision_of(const Request& request) {
  return precision_named(request.text("precision"));
}

void check_model(const Request& request) {
  weights_of(request);
  if (precision_of(request) != Precision::float16 || default_device().is_cuda()) return;
  throw UsageError(request.job(),
                   "--precision float16 needs a GPU, and there is none. Take float32 or bfloat16.");
}

void check_recogniser(const Request& request) {
  check_model(request);
  metrics_of(request);
  if (request.has("mixup") && request.has("cutmix")) {
    throw UsageError(request.job(),
                     "got --mixup and --cutmix, expected one of them: both mix the batch");
  }
}

namespace {

bool is_channels_last(const Request& request) {
  return request.text("memory-format") != "contiguous";
}

}  // namespace

Callbacks step_callbacks(const Request& request, Precision precision) {
  Callbacks callbacks;
  const auto wants = [&](const char* name) { return request.knows(name) && request.has(name); };
  const auto seed = static_cast<uint64_t>(request.integer("seed"));
  const auto add = [&]<class T>(std::shared_ptr<T> callback) { callbacks.push_back(callback); };
  if (precision != Precision::float32) add(std::make_shared<MixedPrecision>(precision));
  if (wants("mixup")) add(std::make_shared<MixUp>(request.number("mixup"), seed));
  if (wants("cutmix")) add(std::make_shared<CutMix>(request.number("cutmix"), seed));
  if (request.has("grad-clip")) add(std::make_shared<GradientClip>(request.number("grad-clip")));
  if (request.has("grad-accum"))
    add(std::make_shared<GradientAccumulation>(request.integer("grad-accum")));
  if (request.has("activations")) {
    add(std::make_shared<ActivationStats>(
        ActivationStatsOptions{.every = request.integer("activations"), .with_hist = true}));
  }
  if (is_channels_last(request)) add(std::make_shared<ChannelsLast>());
  return callbacks;
}

Learner recogniser_of(const Request& request, const DataLoaders& dls, const TrainingParts& parts) {
  const Kind target = dls.pipeline().target()->kind();
  const auto metrics = metrics_of(request);
  if (target == Kind::category) check_metrics(metrics, dls.c(), request.job());
  // Member by member: when one of an aggregate's initialisers throws, GCC 12 frees twice what those
  // before it have made.
  VisionLearnerOptions learner;
  learner.metrics = metrics_for(target, metrics);
  learner.weights = weights_of(request);
  learner.loss = loss_of(request, target);
  learner.callbacks = step_callbacks(request, parts.precision);
  set_run_parts(learner, request, parts);
  if (target == Kind::points) learner.head.y_range = std::pair(-1.0, 1.0);
  return vision_learner(dls, registry<ModelEntry>().at(request.text("arch")), learner);
}

}  // namespace linnet
