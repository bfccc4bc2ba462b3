#include "linnet/app/image_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/items.h"
#include "linnet/data/label.h"
#include "linnet/data/split.h"
#include "linnet/io/csv.h"
#include "linnet/vision/augment/aug_transforms.h"
#include "linnet/vision/transforms/flip_item.h"
#include "linnet/vision/transforms/random_resized_crop.h"
#include "linnet/vision/transforms/resize.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kCsv = "csv:";

bool has_two_sides(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path / "train", ignored) && fs::is_directory(path / "valid", ignored);
}

// A CSV file is looked for where the program runs, then beside the pictures.
fs::path csv_of(const std::string& label, const fs::path& path) {
  const fs::path csv = label.substr(kCsv.size());
  std::error_code ignored;
  for (const fs::path& place : {csv, path / csv}) {
    if (fs::exists(place, ignored)) return place;
  }
  throw DataError("train", csv,
                  "there is no such table of labels, neither here nor beside the "
                  "pictures. Check --label csv:FILE.");
}

std::vector<fs::path> listed_in(const fs::path& csv, const fs::path& root) {
  std::vector<fs::path> files;
  for (const auto& row : read_csv(csv).rows) files.push_back(root / row.front());
  if (files.empty()) throw DataError("train", csv, "has no rows");
  return files;
}

std::vector<fs::path> pictures_of(const ImageData& data, bool two_sides) {
  // Also when a CSV file lists them: a folder that is missing is told as such.
  auto files =
      two_sides ? get_image_files(data.path, true, {"train", "valid"}) : get_image_files(data.path);
  if (files.empty()) {
    throw DataError(
        "train", data.path,
        "there are no pictures in this folder (files that end in .jpg, .png, .webp ...)."
        " Check the path.");
  }
  if (data.label && data.label->starts_with(kCsv))
    return listed_in(csv_of(*data.label, data.path), data.path);
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
  if (data.label) {
    if (data.label->starts_with(kCsv))
      return parse_label_rule(std::string(kCsv) + csv_of(*data.label, data.path).string(),
                              data.path);
    return parse_label_rule(*data.label, data.path);
  }
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

}  // namespace

ImageDataLoaders load_image_data(const ImageData& data, Reporter& reporter) {
  const auto changes = changes_of(data);
  const bool two_sides = has_two_sides(data.path);
  const auto files = pictures_of(data, two_sides);
  const auto rule = rule_of(data, files, two_sides, reporter);
  if (two_sides)
    reporter.note("The folders train and valid are the two sides: no random split is made.");
  return ImageDataLoaders::from_label_rule(
      data.path, files, rule,
      {.valid_pct = data.valid_pct,
       .seed = static_cast<uint64_t>(data.seed),
       .item_tfms = item_tfms_of(data),
       .batch_tfms = changes,
       .bs = data.batch_size,
       .workers = data.workers},
      two_sides ? folder_splitter(data.path, "train", "valid") : Splitter());
}

}  // namespace linnet
