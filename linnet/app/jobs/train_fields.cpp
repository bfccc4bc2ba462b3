#include "linnet/app/jobs/train_fields.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <optional>
#include <string>

#include "linnet/app/image_data.h"
#include "linnet/core/error.h"
#include "linnet/models/model_entry.h"

namespace linnet {

namespace {

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

}  // namespace

void check_metrics(const std::vector<MetricSpec>& metrics, int64_t classes) {
  for (const MetricSpec& metric : metrics) {
    if (const auto reason = misfit(metric, classes)) {
      throw UsageError("train", fmt::format("--metrics: {} does not suit {} classes: {}",
                                            metric.name(), classes, *reason));
    }
  }
}

namespace {

std::vector<Field> training_fields() {
  using enum FieldKind;
  return {
      {.name = "arch",
       .kind = choice,
       .help = "the model",
       .preset = "resnet34",
       .choices = registry<ModelEntry>().names()},
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
      workers_field(),
      {.name = "time-limit",
       .help = "end after so long, with a usable model: 90s, 10m, 2h",
       .preset_note = "none",
       .placeholder = "TIME"},
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
      {.name = "no-report",
       .kind = flag,
       .help = "leave out report.html, which takes another look at the pictures held out"},
      {.name = "resume",
       .kind = path,
       .help = "go on with a run that was stopped, whatever stopped it, with the options it had",
       .preset_note = "none",
       .placeholder = "DIR"},
  };
}

}  // namespace

std::vector<Field> train_fields() {
  auto fields = image_data_fields();
  for (Field& field : fields) {
    if (field.name == "path") field.required_unless = "resume";
  }
  for (const auto& more : {picture_fields(), training_fields()}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

}  // namespace linnet
