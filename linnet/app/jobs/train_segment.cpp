#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/learner_fields.h"
#include "linnet/app/picture_changes.h"
#include "linnet/app/recogniser.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/segmentation_data.h"
#include "linnet/app/training_fit.h"
#include "linnet/app/training_run.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/metric/segmentation.h"
#include "linnet/vision/unet_learner.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kTrainSegment = "train segment";

std::vector<Field> segment_fields() {
  auto fields = segmentation_data_fields();
  for (Field& field : fields) {
    if (field.required) field.required_unless = "resume";
  }
  const NetworkPresets presets{.arch = "resnet18",
                               .arch_help = "the recogniser whose body is the U-Net's encoder",
                               .batch_size = 8};
  for (Field& field : network_fields(presets)) fields.push_back(std::move(field));
  fields.push_back({.name = "self-attention",
                    .kind = FieldKind::flag,
                    .help = "let every pixel look at all others in one block of the decoder: "
                            "slower, needs memory"});
  for (const auto& more :
       {fit_fields({.epochs = 8}), watch_fields(), run_fields("NAME-unet-ARCH")}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

std::vector<MetricSpec> metrics_of(const std::vector<Label>& codes) {
  return metrics::of_masks(static_cast<int64_t>(codes.size()), background_class(codes));
}

void check_segment(const Request& request) {
  const fs::path path = request.path("path");
  if (!fs::is_directory(path)) {
    throw DataError(kTrainSegment, path,
                    fs::exists(path) ? "is no folder. Give the folder of pictures."
                                     : "there is no such folder. Check the path.");
  }
  check_model(request);
  std::vector<std::string> columns;
  for (const MetricSpec& metric : metrics_of(codes_of(request))) columns.push_back(metric.name());
  check_fit(request, columns);
}

Learner segment_learner_of(const Request& request, const DataLoaders& dls,
                           const TrainingParts& parts) {
  UnetLearnerOptions learner;
  learner.metrics = metrics_of(dls.vocab());
  learner.weights = weights_of(request);
  learner.callbacks = step_callbacks(request, parts.precision);
  learner.unet.self_attention = request.flag("self-attention");
  set_run_parts(learner, request, parts);
  return unet_learner(dls, registry<ModelEntry>().at(request.text("arch")), learner);
}

std::string classes_line(const Request& request) {
  constexpr size_t kMost = 10;
  std::vector<std::string> names;
  const auto codes = codes_of(request);
  for (size_t i = 0; i < codes.size() && i < kMost; ++i) names.push_back(codes[i].text());
  const auto more =
      codes.size() > kMost ? fmt::format(", and {} more", codes.size() - kMost) : std::string();
  return fmt::format("{} of a pixel ({}{}); '{}' counts as background", codes.size(),
                     join(names, ", "), more,
                     codes.at(static_cast<size_t>(background_class(codes))).text());
}

void tell_segment_plan(const Request& request, const Json&, Precision precision,
                       Reporter& reporter) {
  reporter.note("classes   " + classes_line(request));
  reporter.note(fmt::format(
      "model     U-Net around {}, {}, {}{}", request.text("arch"),
      weights_of(request).pretrained() ? "weights " + request.text("weights")
                                       : std::string("from scratch: no pretrained weights"),
      request.has("size") ? fmt::format("pictures of {0} x {0}", request.integer("size"))
                          : std::string("pictures as they are"),
      changes_in_plan(request)));
  reporter.note(fmt::format("training  {}; batches of {}, lr {:g}, {}, {} threads",
                            recipe_line(request), request.integer("batch-size"),
                            request.number("lr"), to_string(precision), at::get_num_threads()));
}

TrainingTask segment_training() {
  return {.job = kTrainSegment,
          .fields = segment_fields,
          .run_name =
              [](const Request& request) {
                return data_name(request.path("path")) + "-unet-" + request.text("arch");
              },
          .check = check_segment,
          .precision = precision_of,
          .items = "pictures",
          .load = [](const Request& request, Reporter& reporter) -> DataLoaders {
            return load_segmentation_data(request, reporter);
          },
          .learner = segment_learner_of,
          .tell_plan = tell_segment_plan,
          .next = [](const Request&, const std::string& model) -> std::vector<std::string> {
            return {fmt::format("Try it:   linnet predict {} PICTURE... --out masks", model)};
          }};
}

}  // namespace

const Registered<Job> train_segment_job{
    {.name = kTrainSegment,
     .summary = "train a model that gives each pixel of a picture a class",
     .help =
         "Takes pretrained weights, puts a decoder behind them (a U-Net) and fine-tunes on\n"
         "pictures with masks. A mask is a one-channel picture of its picture's size, whose\n"
         "pixels hold class numbers. The table's accuracy is the share of the held-out pixels\n"
         "that are right; foreground_acc leaves out the background (or void), dice and jaccard\n"
         "say how far masks cover each other.\n\n"
         "Examples\n"
         "  linnet train segment camvid_tiny --labels 'labels/{stem}_P.png'\n"
         "  linnet train segment pets --images images --labels trimaps --size 128 \\\n"
         "         --codes animal,background,border --values 1,2,3 --missing skip\n"
         "  linnet train segment cells --labels '{folder}/{stem}_mask.png' --codes no,cell \\\n"
         "         --values 0,255 --augment --size 256",
     .fields = segment_fields,
     .run = [](const Request& request, Reporter& reporter) {
       return run_training(segment_training(), request, reporter);
     }}};

}  // namespace linnet
