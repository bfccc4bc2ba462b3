#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/data_fields.h"
#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/app/model_file.h"
#include "linnet/app/output_folder.h"
#include "linnet/core/error.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/items.h"
#include "linnet/interpret/feature_page.h"
#include "linnet/interpret/layer_features.h"
#include "linnet/models/model_entry.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/learner.h"
#include "linnet/vision/transforms/resize.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::vector<Field> what_fields() {
  using enum FieldKind;
  return {
      {.name = "model",
       .kind = path,
       .help = "a model.safetensors that `linnet train` wrote, or the run's folder; none with "
               "--weights",
       .positional = true,
       .required = true,
       .required_unless = "weights"},
      {.name = "path",
       .kind = path,
       .help = "folder of pictures, labelled or not: the more, the clearer",
       .positional = true,
       .required = true,
       .required_unless = "weights"},
      {.name = "weights",
       .help = "in place of a model: pretrained weights of --arch, imagenet (fetched once) or a "
               ".pth or .safetensors FILE",
       .placeholder = "imagenet|FILE"},
      {.name = "arch",
       .kind = choice,
       .help = "with --weights: the network that they are of",
       .preset = "resnet18",
       .choices = registry<ModelEntry>().names()},
      {.name = "size",
       .kind = integer,
       .help = "with --weights: pixels, pictures are cropped and resized to squares of it",
       .preset = 224,
       .min = 32,
       .max = 4096}};
}

std::vector<Field> how_fields() {
  using enum FieldKind;
  return {{.name = "layer",
           .kind = list,
           .help = "which layers: 1 is the stem, 2 to 5 are the stages",
           .preset = Json::array(std::vector<std::string>{"1", "2", "3", "4", "5"}),
           .placeholder = "1,...,5",
           .choices = {"1", "2", "3", "4", "5"}},
          {.name = "channels",
           .kind = integer,
           .help = "so many of each layer, evenly spread over those that fire",
           .preset = 16,
           .min = 1},
          {.name = "channel",
           .kind = list,
           .help = "these channels instead, by number from 0",
           .placeholder = "N,N,..."},
          {.name = "columns",
           .kind = integer,
           .help = "channels beside each other on a page",
           .preset = 4,
           .min = 1,
           .max = 16},
          batch_size_field("pictures", 32),
          workers_field(),
          {.name = "out",
           .kind = path,
           .help = "the folder to write pages into: layer1.png to layer5.png, filters.png",
           .preset = "features",
           .placeholder = "DIR"}};
}

std::vector<Field> features_fields() {
  auto fields = what_fields();
  for (Field& field : how_fields()) fields.push_back(std::move(field));
  return fields;
}

// A pretrained body alone: its head is not asked.
Learner learner_of_weights(const Request& request, Reporter& reporter) {
  const auto& weights = request.text("weights");
  if (weights != "imagenet" && !fs::exists(weights)) {
    throw DataError("features", weights,
                    "there is no such weights file. Expected imagenet or a .pth or .safetensors "
                    "file.");
  }
  const Pipeline pipeline({.blocks = {ImageBlock(), CategoryBlock({.vocab = {"none"}})},
                           .item_tfms = Resize(request.integer("size"))});
  return vision_learner(
      DataLoaders::without_data(pipeline), registry<ModelEntry>().at(request.text("arch")),
      {.weights = weights == "imagenet" ? Weights::imagenet() : Weights::file(weights),
       .reporter = &reporter});
}

struct Task {
  Learner learn;
  fs::path folder;
};

// One place before the folder or none: with --weights there is no model.
Task task_of(const Request& request, Reporter& reporter) {
  if (!request.has("weights")) {
    for (const char* only : {"arch", "size"}) {
      if (!request.is_given(only)) continue;
      throw UsageError("features",
                       fmt::format("--{} is for --weights: a saved model knows its own", only));
    }
    return {load_learner(model_file(request.path("model"), "features"), {.reporter = &reporter}),
            request.path("path")};
  }
  if (request.has("model") && request.has("path")) {
    throw UsageError("features", "got a MODEL and --weights, expected one of the two");
  }
  if (!request.has("model") && !request.has("path")) {
    throw UsageError("features",
                     "PATH is missing: a folder of pictures. See `linnet help "
                     "features`.");
  }
  return {learner_of_weights(request, reporter),
          request.path(request.has("path") ? "path" : "model")};
}

std::vector<int64_t> numbers_of(const Request& request, const char* field) {
  std::vector<int64_t> numbers;
  if (!request.has(field)) return numbers;
  for (const std::string& text : request.texts(field)) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) {
      throw UsageError("features",
                       fmt::format("--{}: got '{}', expected whole numbers from 0", field, text));
    }
    if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

Json event_of(int64_t layer, const ChannelFeatures& channel, const std::vector<fs::path>& files) {
  Json patches(Json::Array{});
  for (const FeaturePatch& patch : channel.patches) {
    patches.push_back(Json{{"path", files[static_cast<size_t>(patch.item)].string()},
                           {"top", patch.top},
                           {"left", patch.left},
                           {"value", patch.value}});
  }
  return Json{
      {"layer", layer}, {"channel", channel.channel}, {"side", channel.side}, {"patches", patches}};
}

Json run_features(const Request& request, Reporter& reporter) {
  FeatureOptions options{.layers = numbers_of(request, "layer"),
                         .channels = request.integer("channels"),
                         .chosen = numbers_of(request, "channel"),
                         .batch_size = request.integer("batch-size"),
                         .reporter = &reporter};
  if (request.has("workers")) options.workers = request.integer("workers");
  const Task task = task_of(request, reporter);
  const auto files = get_image_files(task.folder);
  if (files.empty()) {
    throw DataError("features", task.folder, "there are no pictures in this folder");
  }
  const OutputFolder out(request.path("out"), "features");
  std::vector<Dataset::Sources> pictures;
  for (const fs::path& file : files) pictures.push_back({file});
  Json written(Json::Array{});
  const auto write = [&](const std::string& name, const Image& page) {
    const auto file = out.write_png(name, page);
    written.push_back(file.string());
    return file.string();
  };
  for (const LayerFeatures& layer : layer_features(task.learn, pictures, options)) {
    const auto file = write(fmt::format("layer{}.png", layer.layer),
                            feature_page(layer, {.columns = request.integer("columns")}));
    reporter.note(fmt::format("layer {}: {} of {} channels, {} silent: {}", layer.layer,
                              layer.channels.size(), layer.width, layer.silent, file));
    for (const ChannelFeatures& channel : layer.channels) {
      reporter.event("channel", event_of(layer.layer, channel, files));
    }
    if (layer.layer != 1) continue;
    reporter.note("the first filters as they are: " +
                  write("filters.png", filter_page(task.learn.network().module())));
  }
  return Json{{"files", written}};
}

}  // namespace

const Registered<Job> features_job{
    {.name = "features",
     .summary = "what the layers of a network learned to see, after Zeiler and Fergus",
     .help =
         "For channels of each layer the nine patches of the pictures that excite it most, and\n"
         "beside them their projections back to pixels by a deconvolutional network: what of the\n"
         "patch excited the channel, on grey. Of a picture only the strongest place counts. The\n"
         "first layer's filters are drawn as they are too. For residual networks: layer 1 is the\n"
         "stem, 2 to 5 are the four stages.\n\n"
         "Examples\n"
         "  linnet features runs/pets-resnet34 pets/images\n"
         "  linnet features runs/pets-resnet34 pets/images --layer 4 --channel 12,40,77\n"
         "  linnet features pets/images --weights imagenet --arch resnet50 --out learned",
     .fields = features_fields,
     .run = run_features}};

}  // namespace linnet
