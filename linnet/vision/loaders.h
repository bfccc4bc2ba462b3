#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/reporter.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/data_block.h"
#include "linnet/data/data_loaders.h"
#include "linnet/data/label.h"
#include "linnet/data/split.h"
#include "linnet/data/transform.h"

namespace linnet {

/** Where a CSV file has what. */
struct ImageCsvOptions {
  Columns label_column = 1;
  TableFilesOptions paths = {};
  std::optional<ColumnRef> valid_column = std::nullopt;  // who is held out; by default at random
};

/** What all factories of ImageDataLoaders take. Defaults are fastai's. */
struct ImageLoaderOptions {
  double valid_pct = 0.2;                       // fraction held out at random, in (0, 1)
  std::optional<uint64_t> seed = std::nullopt;  // of the split, the order and all random draws
  ItemTransforms item_tfms = {};
  BatchTransforms batch_tfms = {};
  int64_t bs = 64;
  std::optional<int64_t> workers =
      std::nullopt;               // loader threads; by default the number of cores, 16 at most
  std::vector<Label> vocab = {};  // by default the sorted labels of the training items
  ImageBlockOptions image = {};
  /** Held back as the test set before the others are split: a share of the pictures, or those below
   * a folder of `path`. At most one of the two, else UsageError. */
  std::optional<double> test_pct = std::nullopt;
  std::string test_folder = "";
  std::optional<double> subset = std::nullopt;  // for prototyping: this share of each label's
  /** When given, a label's text is several labels: "cat dog" by " ". */
  std::string label_delim = "";
  /** What the labels are: by default a class, several when there is a label_delim or a list.
   * RegressionBlock() for numbers, PointBlock() for points. */
  std::optional<Block> y_block = std::nullopt;
  ImageCsvOptions columns = {};  // of from_csv
  std::function<void(const BadItem& item)> on_bad_item = nullptr;
};

using NameRule = std::function<Label(std::string_view name)>;
using PathRule = std::function<Label(const std::filesystem::path& path)>;

/** Data for a picture recogniser: the ways to get a DataBlock of pictures and labels. Every file is
 * looked at (type and size, not decoded) before anything starts: DataError names the first bad one
 * and how many there are. source  fastai 2.7 ImageDataLoaders
 */
class ImageDataLoaders : public DataLoaders {
 public:
  /** Labels from the file's name: `f` may return bool, text or a number. */
  static ImageDataLoaders from_name_func(const std::filesystem::path& path,
                                         const std::vector<std::filesystem::path>& files,
                                         const NameRule& f, const ImageLoaderOptions& options = {});
  /** Labels from the whole path. */
  static ImageDataLoaders from_path_func(const std::filesystem::path& path,
                                         const std::vector<std::filesystem::path>& files,
                                         const PathRule& f, const ImageLoaderOptions& options = {});
  /** Labels from the first group of a pattern searched in the file's name. */
  static ImageDataLoaders from_name_re(const std::filesystem::path& path,
                                       const std::vector<std::filesystem::path>& files,
                                       const std::string& pattern,
                                       const ImageLoaderOptions& options = {});
  /** The same in the path, written with `/`. */
  static ImageDataLoaders from_path_re(const std::filesystem::path& path,
                                       const std::vector<std::filesystem::path>& files,
                                       const std::string& pattern,
                                       const ImageLoaderOptions& options = {});
  /** One folder a class, below `path/train` and `path/valid` when both are there, else below `path`
   * with a random split. */
  static ImageDataLoaders from_folder(const std::filesystem::path& path,
                                      const ImageLoaderOptions& options = {});
  /** `path/csv` has file names (relative to `path`) in its first column and labels in its second,
   * or where `columns` says. */
  static ImageDataLoaders from_csv(const std::filesystem::path& path,
                                   const std::filesystem::path& csv = "labels.csv",
                                   const ImageLoaderOptions& options = {});
  /** Files and their labels, as many of each. */
  static ImageDataLoaders from_lists(const std::filesystem::path& path,
                                     const std::vector<std::filesystem::path>& files,
                                     const std::vector<Label>& labels,
                                     const ImageLoaderOptions& options = {});
  /** Labels by any rule; the split by `splitter`, else at random. All the others end here. */
  static ImageDataLoaders from_label_rule(const std::filesystem::path& path,
                                          const std::vector<std::filesystem::path>& files,
                                          const LabelRule& rule,
                                          const ImageLoaderOptions& options = {},
                                          const Splitter& splitter = nullptr);

 private:
  explicit ImageDataLoaders(DataLoaders loaders) : DataLoaders(std::move(loaders)) {}
};

/** The DataBlock of pictures behind all these factories. */
DataBlock image_block(const std::filesystem::path& path, const LabelRule& rule,
                      const ImageLoaderOptions& options = {}, const Splitter& splitter = nullptr);

}  // namespace linnet
