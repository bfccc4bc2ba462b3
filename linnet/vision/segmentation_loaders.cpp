#include "linnet/vision/segmentation_loaders.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/core/parallel.h"
#include "linnet/data/items.h"
#include "linnet/data/splitters/random.h"
#include "linnet/media/decode.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSegmentationLoadersWhere = "SegmentationDataLoaders";
constexpr int64_t kChunk = 64;

// Why a picture and its mask do not fit each other, by their headers; empty when they may. Turned
// by EXIF, a picture's sides change places: that is seen when it is read.
std::string fault_of(const fs::path& picture, const Value& source, bool may_turn) {
  const auto mask = MaskBlock::file_of(source);
  if (!mask) return "";
  if (!fs::exists(*mask)) {
    return fmt::format("{}: has no mask: there is no {}", picture.string(), mask->string());
  }
  try {
    const auto of_picture = read_image_info(picture), of_mask = read_image_info(*mask);
    const bool same = of_picture.height == of_mask.height && of_picture.width == of_mask.width;
    const bool turned = of_picture.height == of_mask.width && of_picture.width == of_mask.height;
    if (same || (turned && may_turn)) return "";
    return fmt::format("{}: got a mask {} pixels wide and {} high, expected {} and {} as {} has",
                       mask->string(), of_mask.width, of_mask.height, of_picture.width,
                       of_picture.height, picture.string());
  } catch (const DataError& e) {
    return e.what();
  }
}

// The files whose masks fit; the others are told, or the first of them stops.
std::vector<fs::path> usable(const std::vector<fs::path>& files, const Getter& label_func,
                             const SegmentationLoaderOptions& options) {
  std::vector<std::string> faults(files.size());
  const bool may_turn = options.image.exif_orientation;
  parallel_chunks(static_cast<int64_t>(files.size()), kChunk, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      faults[i] = fault_of(files[i], label_func(Item(files[i])), may_turn);
    }
  });
  const auto bad = std::count_if(faults.begin(), faults.end(),
                                 [](const std::string& fault) { return !fault.empty(); });
  if (bad > 0 && !options.on_bad_item) {
    const auto& first = *std::find_if(faults.begin(), faults.end(),
                                      [](const std::string& fault) { return !fault.empty(); });
    const auto more = bad > 1 ? fmt::format(" ({} more like it)", bad - 1) : std::string();
    throw DataError(kSegmentationLoadersWhere, first + more);
  }
  std::vector<fs::path> good;
  for (size_t i = 0; i < files.size(); ++i) {
    if (faults[i].empty()) {
      good.push_back(files[i]);
    } else {
      options.on_bad_item({static_cast<int64_t>(i), files[i].string(), faults[i]});
    }
  }
  return good;
}

Splitter splitter_of(const SegmentationLoaderOptions& options) {
  if (options.splitter) return options.splitter;
  if (options.valid_pct > 0 && options.valid_pct < 1) {
    return random_splitter(options.valid_pct, options.seed);
  }
  throw UsageError(
      kSegmentationLoadersWhere,
      fmt::format("valid_pct: got {}, expected a fraction above 0 and below 1. Without pictures "
                  "that were held out nobody knows what the model is worth.",
                  options.valid_pct));
}

}  // namespace

SegmentationDataLoaders SegmentationDataLoaders::from_label_func(
    const fs::path& path, const std::vector<fs::path>& files, const Getter& label_func,
    const SegmentationLoaderOptions& options) {
  if (files.empty())
    throw DataError(kSegmentationLoadersWhere, path, "no pictures found. Check the path.");
  DataBlockParts parts;
  parts.blocks = {ImageBlock(options.image), MaskBlock(options.codes, options.mask)};
  parts.get_items = [](const fs::path& source) { return get_image_files(source); };
  parts.splitter = splitter_of(options);
  parts.get_y = label_func;
  parts.item_tfms = options.item_tfms;
  parts.batch_tfms = options.batch_tfms;
  const auto good = usable(files, label_func, options);
  if (good.empty()) {
    throw DataError(kSegmentationLoadersWhere, path,
                    fmt::format("none of {} pictures has a mask that fits it", files.size()));
  }
  return SegmentationDataLoaders(DataBlock(std::move(parts))
                                     .dataloaders(good, {.bs = options.bs,
                                                         .seed = options.seed,
                                                         .workers = options.workers,
                                                         .test_pct = options.test_pct,
                                                         .subset = options.subset,
                                                         .path = path,
                                                         .on_bad_item = options.on_bad_item}));
}

}  // namespace linnet
