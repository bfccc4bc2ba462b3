#include <fmt/format.h>

#include <algorithm>

#include "linnet/app/data_fields.h"
#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/core/error.h"
#include "linnet/interpret/baseline.h"
#include "linnet/models/model_entry.h"
#include "linnet/vision/features.h"
#include "linnet/vision/learner.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::vector<Field> own_fields() {
  using enum FieldKind;
  return {{.name = "weights",
           .help = "of a frozen model whose features a linear model gets: imagenet (fetched once), "
                   "none (leave that out), or a .pth or .safetensors FILE",
           .preset = "none",
           .placeholder = "imagenet|none|FILE"},
          {.name = "arch",
           .kind = choice,
           .help = "that model",
           .preset = "resnet18",
           .choices = registry<ModelEntry>().names()},
          {.name = "size",
           .kind = integer,
           .help = "pixels: pictures are cropped and resized to squares of it",
           .preset = 128,
           .min = 16,
           .max = 4096},
          batch_size_field("pictures"),
          workers_field()};
}

std::vector<Field> baseline_fields() {
  auto fields = image_data_fields();
  for (Field& field : own_fields()) fields.push_back(std::move(field));
  return fields;
}

Json run_baseline(const Request& request, Reporter& reporter) {
  DataLoaders dls = load_image_data(image_data_of(request), reporter);
  BaselineOptions options{.reporter = &reporter};
  const auto& weights = request.text("weights");
  if (weights != "none") {
    const auto& arch = registry<ModelEntry>().at(request.text("arch"));
    if (weights != "imagenet" && !fs::exists(weights)) {
      throw DataError("baseline", weights,
                      "there is no such weights file. Expected imagenet, none or a .pth or "
                      ".safetensors file.");
    }
    const auto learn = vision_learner(
        dls, arch,
        {.weights = weights == "imagenet" ? Weights::imagenet() : Weights::file(weights),
         .reporter = &reporter});
    options.features = body_features(learn);
    options.features_name = arch.name;
    dls = learn.dls();  // normalised as the model wants it
  }
  const auto report = baselines(dls, options);
  reporter.note(fmt::format("{} pictures to fit on, {} to measure on, split {}", report.train,
                            report.valid, dls.about.at("split_hash").as_string()));
  reporter.table({"baseline", report.metric});
  for (const Baseline& row : report.rows) {
    reporter.row(Json{{"baseline", row.name}, {report.metric, row.score}});
  }
  reporter.event("baselines", report.to_json());
  return nullptr;
}

}  // namespace

const Registered<Job> baseline_job{
    {.name = "baseline",
     .summary = "what simple models achieve on pictures, to compare a deep one with",
     .help =
         "On the validation set of the same split as `linnet train` makes: what is most "
         "frequent,\n"
         "the class whose average picture is nearest, a linear model on small pixels, and with\n"
         "--weights one on the features of a frozen model. A deep model is worth its trouble\n"
         "when it is well above these.\n\n"
         "Examples\n"
         "  linnet baseline photos\n"
         "  linnet baseline pets/images --label name-case --weights imagenet",
     .fields = baseline_fields,
     .run = run_baseline}};

}  // namespace linnet
