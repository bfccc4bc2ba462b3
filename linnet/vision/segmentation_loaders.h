#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/data/data_block.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/getter.h"
#include "linnet/data/mask_file.h"
#include "linnet/data/split.h"
#include "linnet/data/transform.h"

namespace linnet {

/** What SegmentationDataLoaders take. Defaults are fastai's. */
struct SegmentationLoaderOptions {
  std::vector<Label> codes = {};                // names of the classes 0, 1, 2 ... of a pixel
  MaskBlockOptions mask = {};                   // when files have other numbers than these
  double valid_pct = 0.2;                       // fraction held out at random, in (0, 1)
  std::optional<uint64_t> seed = std::nullopt;  // of the split, the order and all random draws
  ItemTransforms item_tfms = {};
  BatchTransforms batch_tfms = {};
  int64_t bs = 64;
  std::optional<int64_t> workers = std::nullopt;
  ImageBlockOptions image = {};
  Splitter splitter = nullptr;                    // in place of valid_pct
  std::optional<double> test_pct = std::nullopt;  // share held back as the test set
  std::optional<double> subset = std::nullopt;    // for prototyping: this share of the pictures
  /** When given, a picture that cannot be used (no mask, one of another size) is left out and told
   * here; else it stops. */
  std::function<void(const BadItem& item)> on_bad_item = nullptr;
};

/** Data for a learner that gives each pixel a class.
 *
 *      auto path = untar_data(urls::camvid_tiny);
 *      auto codes = read_codes(path / "codes.txt");
 *      auto dls = SegmentationDataLoaders::from_label_func(
 *          path, get_image_files(path / "images"), mask_file("labels/{stem}_P.png", path),
 *          {.codes = codes, .seed = 42, .bs = 8});
 *
 *  Before anything starts, the type and size of every picture and mask are looked at.
 *  source  fastai 2.7 SegmentationDataLoaders
 */
class SegmentationDataLoaders : public DataLoaders {
 public:
  /** `label_func` gives a picture's mask: `mask_file`, or a function of the path that returns a
   * path. DataError names the first picture that has no mask or one of another size, and how many
   * there are. */
  static SegmentationDataLoaders from_label_func(const std::filesystem::path& path,
                                                 const std::vector<std::filesystem::path>& files,
                                                 const Getter& label_func,
                                                 const SegmentationLoaderOptions& options);

 private:
  explicit SegmentationDataLoaders(DataLoaders loaders) : DataLoaders(std::move(loaders)) {}
};

}  // namespace linnet
