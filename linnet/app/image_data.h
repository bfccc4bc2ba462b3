#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "linnet/core/reporter.h"
#include "linnet/vision/loaders.h"

namespace linnet {

/** A folder of pictures as people name it to the program. */
struct ImageData {
  std::filesystem::path path;
  std::optional<std::string> label = std::nullopt;  // as parse_label_rule; else found out
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

/** The loaders for it. PATH/train and PATH/valid, when both are there, are the two sides; else
 * valid_pct is held out at random. With csv:FILE the pictures are those of its rows. Without a
 * label rule, folders by class mean `parent`: the reporter is told. errors  UsageError when the
 * label rule is missing and cannot be found out, or is none; DataError for a folder that is missing
 * or without pictures, a picture that cannot be used, a picture that the rule does not match, one
 * class only; UsageError for a presize that is below the size, or without augment
 */
ImageDataLoaders load_image_data(const ImageData& data, Reporter& reporter);

}  // namespace linnet
