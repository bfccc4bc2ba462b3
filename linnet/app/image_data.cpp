#include "linnet/app/image_data.h"

#include <fmt/format.h>
#include <torch/utils.h>

#include <algorithm>
#include <set>
#include <vector>

#include "linnet/app/data_fields.h"
#include "linnet/core/error.h"
#include "linnet/core/regex.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/multi_category.h"
#include "linnet/data/blocks/point.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/data/items.h"
#include "linnet/data/label.h"
#include "linnet/data/splitters/entry.h"
#include "linnet/data/splitters/name.h"
#include "linnet/data/splitters/random.h"
#include "linnet/vision/augment/aug_transforms.h"
#include "linnet/vision/transforms/flip_item.h"
#include "linnet/vision/transforms/random_resized_crop.h"
#include "linnet/vision/transforms/resize.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kCsv = "csv:";

// The folders that are the sides of the split, when PATH has train/ and valid/ (or val/) in it; and
// test/, which is held back, when its pictures have labels.
std::optional<FolderOptions> sides_below(const ImageData& data) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return fs::is_directory(data.path / name, ignored); };
  if (!has("train")) return std::nullopt;
  FolderOptions sides;
  if (has("valid") || has("val")) {
    sides.valid = has("valid") ? "valid" : "val";
    const bool labelled =
        has("test") && (data.label || get_image_files(data.path / "test", false).empty());
    if (labelled) sides.test = "test";
    return sides;
  }
  if (has("test") && !data.split) {
    throw UsageError("train",
                     fmt::format("{} has train and test in it, but no valid: training would use "
                                 "the test pictures. Give {}, or say --split.",
                                 data.path.string(), (data.path / "train").string()));
  }
  return std::nullopt;
}

std::vector<std::string> names_of(const FolderOptions& sides) {
  std::vector<std::string> names = {sides.train, sides.valid};
  if (!sides.test.empty()) names.push_back(sides.test);
  return names;
}

// A label rule's or a split's text, "csv:FILE:..." or "group:csv:FILE:...", with the CSV file where
// it is: where the program runs, or beside the pictures.
std::string located(const std::string& text, const fs::path& path) {
  const auto inside = text.find(":csv:");
  if (!text.starts_with(kCsv) && inside == std::string::npos) return text;
  const auto begin = (text.starts_with(kCsv) ? 0 : inside + 1) + kCsv.size();
  const auto end = text.find(':', begin);
  const fs::path csv = text.substr(begin, end - begin);
  const auto rest = end == std::string::npos ? std::string() : text.substr(end);
  std::error_code ignored;
  for (const fs::path& place : {csv, path / csv}) {
    if (fs::exists(place, ignored)) return text.substr(0, begin) + place.string() + rest;
  }
  throw DataError("train", csv,
                  "there is no such table, neither here nor beside the pictures. Check csv:FILE.");
}

std::vector<fs::path> pictures_of(const ImageData& data,
                                  const std::optional<FolderOptions>& sides) {
  auto files =
      sides ? get_image_files(data.path, true, names_of(*sides)) : get_image_files(data.path);
  if (files.empty()) {
    throw DataError(
        "train", data.path,
        "there are no pictures in this folder (files that end in .jpg, .png, .webp ...)."
        " Check the path.");
  }
  return files;
}

// Whether every picture lies in a folder named for its class: at least two, none directly in the
// root (or in train and valid).
bool has_class_folders(const std::vector<fs::path>& files, const fs::path& root, bool two_sides) {
  std::set<std::string> folders;
  const auto depth = two_sides ? 3 : 2;
  for (const fs::path& file : files) {
    const auto relative = file.lexically_relative(root);
    if (std::distance(relative.begin(), relative.end()) < depth) return false;
    folders.insert(relative.parent_path().filename().string());
  }
  return folders.size() >= 2;
}

LabelRule rule_of(const ImageData& data, const std::vector<fs::path>& files, bool two_sides,
                  Reporter& reporter) {
  if (data.label) return parse_label_rule(located(*data.label, data.path), data.path);
  if (!has_class_folders(files, data.path, two_sides)) {
    throw UsageError(
        "train",
        fmt::format("--label is missing: {} has no folders by class. Say where a picture's label "
                    "is: name-case (True when its file's name begins with a capital), parent (its "
                    "folder), regex:'^(.+)_[0-9]+' (a part of its name), csv:FILE (a table).",
                    data.path.string()));
  }
  reporter.note("No --label given: the pictures lie in folders, so --label parent is taken.");
  return parent_label();
}

ItemTransforms item_tfms_of(const ImageData& data) {
  ItemTransforms item_tfms;
  if (data.min_scale < 1)
    item_tfms.add(
        RandomResizedCrop(data.presize.value_or(data.size), {.min_scale = data.min_scale}));
  else
    item_tfms.add(Resize(data.presize.value_or(data.size)));
  if (data.flip) item_tfms.add(FlipItem());
  return item_tfms;
}

// The share of the area that a crop after presizing keeps at least; the book's.
constexpr double kMinScale = 0.75;

BatchTransforms changes_of(const ImageData& data) {
  if (!data.presize) return data.augment ? aug_transforms() : BatchTransforms();
  if (!data.augment || *data.presize < data.size) {
    throw UsageError(
        "presize", fmt::format("got --presize {}, expected it with --augment and not below --size "
                               "{}: pictures are resized to it first, then changed at random and "
                               "cut to their size",
                               *data.presize, data.size));
  }
  return aug_transforms({.size = data.size, .min_scale = kMinScale});
}

Splitter sides_of(const ImageData& data, const LabelRule& rule,
                  const std::optional<FolderOptions>& sides, Reporter& reporter) {
  const auto seed = static_cast<uint64_t>(data.seed);
  if (data.split) {
    return parse_splitter(
        located(*data.split, data.path),
        {.root = data.path, .valid_pct = data.valid_pct, .seed = seed, .label = rule});
  }
  if (!sides) return random_splitter(data.valid_pct, seed);
  reporter.note(fmt::format("The folders {} are the sides: no random split is made.",
                            join(names_of(*sides), ", ")));
  return folder_splitter(data.path, *sides);
}

// The test set is drawn as the validation set is: a patient in it is nowhere else, and it is the
// newest.
Splitter test_of(const ImageData& data, const LabelRule& rule) {
  const std::string text = data.split.value_or("random");
  const std::string name = text.substr(0, text.find(':'));
  const bool takes_share = (name == "random" || name == "stratified" || name == "group" ||
                            name == "end" || name == "time") &&
                           !Regex("^time:[0-9]+d:").search(text);
  if (!takes_share) {
    throw UsageError("train",
                     fmt::format("--test-pct does not go with --split {}: it does not draw "
                                 "a share of the pictures",
                                 text));
  }
  return parse_splitter(located(text, data.path), {.root = data.path,
                                                   .valid_pct = *data.test_pct,
                                                   .seed = static_cast<uint64_t>(data.seed),
                                                   .label = rule});
}

Splitter splitter_of(const ImageData& data, const LabelRule& rule,
                     const std::optional<FolderOptions>& sides, Reporter& reporter) {
  const auto rest = sides_of(data, rule, sides, reporter);
  return data.test_pct ? with_test(test_of(data, rule), rest) : rest;
}

std::optional<Block> target_block(const ImageData& data, const ImageItems& items) {
  if (data.target == "class") return CategoryBlock();
  if (data.target == "labels") return MultiCategoryBlock();
  if (data.target == "numbers") return RegressionBlock();
  if (data.target == "points") return PointBlock();
  if (items.label(items.files[0]).is_list()) return MultiCategoryBlock();
  return std::nullopt;
}

}  // namespace

ImageItems image_items(const ImageData& data, Reporter& reporter) {
  const auto sides = sides_below(data);
  auto files = pictures_of(data, sides);
  auto rule = rule_of(data, files, sides.has_value(), reporter);
  if (rule.files() != nullptr) files = *rule.files();
  if (files.empty()) throw DataError("train", *data.label, "the table of labels has no rows");
  if (!data.label_delim.empty()) rule = labels_in(rule, data.label_delim);
  auto splitter = splitter_of(data, rule, sides, reporter);
  return {std::move(files), std::move(rule), std::move(splitter)};
}

ImageDataLoaders load_image_data(const ImageData& data, Reporter& reporter) {
  const auto changes = changes_of(data);
  const auto items = image_items(data, reporter);
  torch::manual_seed(static_cast<uint64_t>(data.seed));  // for splits that draw nothing
  return ImageDataLoaders::from_label_rule(data.path, items.files, items.label,
                                           {.seed = static_cast<uint64_t>(data.seed),
                                            .item_tfms = item_tfms_of(data),
                                            .batch_tfms = changes,
                                            .bs = data.batch_size,
                                            .workers = data.workers,
                                            .subset = data.subset,
                                            .y_block = target_block(data, items)},
                                           items.splitter);
}

std::vector<Field> image_data_fields() {
  using enum FieldKind;
  std::vector<Field> fields = {
      {.name = "path",
       .kind = path,
       .help = "folder of pictures; with folders train/ and valid/ in it, these are the two sides",
       .positional = true,
       .required = true},
      {.name = "label",
       .help =
           "where a picture's label is: name-case (True when its file's name begins with a "
           "capital), parent (its folder's name), regex:PATTERN (the first group, in the file's "
           "name), csv:FILE (first column: file, second: label), csv:FILE:COLUMN, "
           "csv:FILE:COLUMN:DELIMITER (several labels), csv:FILE:COLUMN,COLUMN (several numbers)",
       .preset_note = "parent, when the pictures lie in folders by class",
       .placeholder = "RULE",
       .choices = {"parent", "name-case", "regex:", "csv:"}},
      label_delim_field(),
      {.name = "target",
       .kind = choice,
       .help = "what labels are: one class, several labels, numbers, or points x,y in pixels",
       .preset = "auto",
       .choices = {kTargets.begin(), kTargets.end()}},
      {.name = "split",
       .help = "who is held out: random, stratified, group:RULE (no group on both sides; RULE as "
               "for --label), time:RULE or time:30d:RULE (the newest), csv:FILE:COLUMN, "
               "file:FILE (a saved split), grandparent, end",
       .preset_note = "the folders train and valid when both are there, else random",
       .placeholder = "SPLIT",
       .choices = {"random", "stratified", "group:", "time:", "csv:", "file:", "grandparent",
                   "end"}}};
  for (Field& field : held_out_fields("pictures")) fields.push_back(std::move(field));
  fields.push_back(subset_field("each class's pictures"));
  fields.push_back(seed_field());
  return fields;
}

std::vector<Field> picture_fields() {
  using enum FieldKind;
  return {
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
  };
}

Field label_delim_field() {
  return {.name = "label-delim",
          .help = "what stands between several labels in a label's text: '+' in red+big",
          .preset_note = "one label a picture",
          .placeholder = "TEXT"};
}

ImageData image_data_of(const Request& request) {
  ImageData data{.path = request.path("path"),
                 .target = request.text("target"),
                 .valid_pct = request.number("valid-pct"),
                 .seed = request.integer("seed")};
  if (request.has("label")) data.label = request.text("label");
  if (request.has("label-delim")) data.label_delim = request.text("label-delim");
  if (request.has("split")) data.split = request.text("split");
  if (request.has("test-pct")) data.test_pct = request.number("test-pct");
  if (request.has("subset")) data.subset = request.number("subset");
  const auto has = [&](const char* name) { return request.knows(name) && request.has(name); };
  if (has("flip")) data.flip = request.flag("flip");
  if (has("min-scale")) data.min_scale = request.number("min-scale");
  if (has("augment")) data.augment = request.flag("augment");
  if (has("presize")) data.presize = request.integer("presize");
  if (has("size")) data.size = request.integer("size");
  if (has("batch-size")) data.batch_size = request.integer("batch-size");
  if (has("workers")) data.workers = request.integer("workers");
  return data;
}

}  // namespace linnet
