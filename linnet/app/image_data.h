#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/core/reporter.h"
#include "linnet/vision/loaders.h"

namespace linnet {

/** A folder of pictures as people name it to the program. */
struct ImageData {
  std::filesystem::path path;
  std::optional<std::string> label = std::nullopt;  // as parse_label_rule; else found out
  std::string label_delim = "";                     // in a label's text stands several labels
  std::string target = "auto";                      // what labels are, see kTargets
  std::optional<std::string> split = std::nullopt;  // as parse_splitter
  std::optional<double> test_pct = std::nullopt;    // share held back as the test set
  std::optional<double> subset = std::nullopt;      // share of each class used, for prototyping
  double valid_pct = 0.2;
  int64_t seed = 42;
  int64_t size = 224;  // pixels of the squares that pictures are cropped and resized to
  bool flip = false;   // half of the training pictures, at random each time, are mirrored
  /** Below 1: in training a part of at least this share of the picture, drawn anew each time. */
  double min_scale = 1;
  bool augment = false;  // random changes of the training pictures: aug_transforms()
  std::optional<int64_t> presize =
      std::nullopt;  // with augment: pixels before them; then cut to size
  int64_t batch_size = 64;
  std::optional<int64_t> workers = std::nullopt;
};

/** auto: several labels when the rule gives lists or there is a delimiter, else one class. */
inline constexpr std::array<std::string_view, 5> kTargets = {"auto", "class", "labels", "numbers",
                                                             "points"};

/** Its pictures, how they are labelled and who is held out. */
struct ImageItems {
  std::vector<std::filesystem::path> files;
  LabelRule label;
  Splitter splitter = nullptr;
};

/** What is in the folder, without looking into the pictures. PATH/train and PATH/valid, when both
 * are there, are the two sides; else valid_pct is held out at random. With csv:FILE the pictures
 * are those of its rows. Without a label rule, folders by class mean `parent`: the reporter is
 * told. errors  UsageError when the label rule is missing and cannot be found out, or a text is
 * none; DataError for a folder that is missing or without pictures
 */
ImageItems image_items(const ImageData& data, Reporter& reporter);

/** The loaders for it. DataError also for a picture that cannot be used, a picture that the rule
 * does not match, one class only;
 * UsageError for a presize that is below the size, or without augment. */
ImageDataLoaders load_image_data(const ImageData& data, Reporter& reporter);

/** The fields "path", "label", "label-delim", "target", "split", "valid-pct", "test-pct", "subset"
 * and "seed" of a job on such a folder, and what was asked for by them and, where the job has these
 * fields, "size", "flip", "min-scale", "augment", "presize", "batch-size" and "workers". */
std::vector<Field> image_data_fields();
ImageData image_data_of(const Request& request);
/** The fields "size", "flip", "min-scale", "augment" and "presize": how pictures come to the model.
 */
std::vector<Field> picture_fields();
/** The field "label-delim". */
Field label_delim_field();

}  // namespace linnet
