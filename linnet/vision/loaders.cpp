#include "linnet/vision/loaders.h"

#include <fmt/format.h>

#include <map>

#include "linnet/core/error.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/multi_category.h"
#include "linnet/data/items.h"
#include "linnet/data/splitters/name.h"
#include "linnet/data/splitters/random.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLoadersWhere = "ImageDataLoaders";

void check_valid_pct(double valid_pct) {
  if (valid_pct > 0 && valid_pct < 1) return;
  throw UsageError(
      kLoadersWhere,
      fmt::format("valid_pct: got {}, expected a fraction above 0 and below 1. Without pictures "
                  "that were held out nobody knows what the model is worth.",
                  valid_pct));
}

void check_classes(const std::vector<Label>& vocab, const fs::path& path) {
  if (vocab.size() >= 2) return;
  throw DataError(
      kLoadersWhere, path,
      vocab.empty()
          ? std::string("no labels")
          : fmt::format("all pictures have one label, '{}': a recogniser needs two classes or "
                        "more. Check the label rule.",
                        vocab[0].text()));
}

Block target_block(const ImageLoaderOptions& options) {
  if (options.y_block) return *options.y_block;
  if (!options.label_delim.empty()) return MultiCategoryBlock({.vocab = options.vocab});
  return CategoryBlock({.vocab = options.vocab});
}

Splitter splitter_for(const fs::path& path, const ImageLoaderOptions& options,
                      const Splitter& given) {
  if (!given) check_valid_pct(options.valid_pct);
  const Splitter split = given ? given : random_splitter(options.valid_pct, options.seed);
  if (options.test_folder.empty()) return split;
  if (options.test_pct) {
    throw UsageError(kLoadersWhere, "got test_pct and test_folder, expected one of them");
  }
  return with_test(subfolder_splitter(path, options.test_folder), split);
}

}  // namespace

DataBlock image_block(const fs::path& path, const LabelRule& rule,
                      const ImageLoaderOptions& options, const Splitter& splitter) {
  return DataBlock(
      {.blocks = {ImageBlock(options.image), target_block(options)},
       .get_items = [](const fs::path& source) { return get_image_files(source); },
       .splitter = splitter_for(path, options, splitter),
       .get_y = options.label_delim.empty() ? rule : labels_in(rule, options.label_delim),
       .item_tfms = options.item_tfms,
       .batch_tfms = options.batch_tfms});
}

ImageDataLoaders ImageDataLoaders::from_label_rule(const fs::path& path,
                                                   const std::vector<fs::path>& files,
                                                   const LabelRule& rule,
                                                   const ImageLoaderOptions& options,
                                                   const Splitter& splitter) {
  if (files.empty()) throw DataError(kLoadersWhere, path, "no pictures found. Check the path.");
  auto loaders = image_block(path, rule, options, splitter)
                     .dataloaders(files, {.bs = options.bs,
                                          .seed = options.seed,
                                          .workers = options.workers,
                                          .test_pct = options.test_pct,
                                          .subset = options.subset,
                                          .path = path,
                                          .on_bad_item = options.on_bad_item});
  if (loaders.pipeline().target()->kind() == Kind::category) check_classes(loaders.vocab(), path);
  return ImageDataLoaders(std::move(loaders));
}

ImageDataLoaders ImageDataLoaders::from_name_func(const fs::path& path,
                                                  const std::vector<fs::path>& files,
                                                  const NameRule& f,
                                                  const ImageLoaderOptions& options) {
  const auto on_name = [f](const fs::path& file) { return f(file.filename().string()); };
  return from_label_rule(path, files, LabelRule::function(on_name), options);
}

ImageDataLoaders ImageDataLoaders::from_path_func(const fs::path& path,
                                                  const std::vector<fs::path>& files,
                                                  const PathRule& f,
                                                  const ImageLoaderOptions& options) {
  return from_label_rule(path, files, LabelRule::function(f), options);
}

ImageDataLoaders ImageDataLoaders::from_name_re(const fs::path& path,
                                                const std::vector<fs::path>& files,
                                                const std::string& pattern,
                                                const ImageLoaderOptions& options) {
  return from_label_rule(path, files, regex_label(pattern), options);
}

ImageDataLoaders ImageDataLoaders::from_path_re(const fs::path& path,
                                                const std::vector<fs::path>& files,
                                                const std::string& pattern,
                                                const ImageLoaderOptions& options) {
  return from_label_rule(path, files, regex_label(pattern, RegexPart::path), options);
}

ImageDataLoaders ImageDataLoaders::from_folder(const fs::path& path,
                                               const ImageLoaderOptions& options) {
  if (fs::is_directory(path / "train") && fs::is_directory(path / "valid")) {
    std::vector<std::string> folders = {"train", "valid"};
    if (!options.test_folder.empty()) folders.push_back(options.test_folder);
    const auto files = get_image_files(path, true, folders);
    return from_label_rule(path, files, parent_label(), options, grandparent_splitter());
  }
  return from_label_rule(path, get_image_files(path), parent_label(), options);
}

ImageDataLoaders ImageDataLoaders::from_csv(const fs::path& path, const fs::path& csv,
                                            const ImageLoaderOptions& options) {
  const ImageCsvOptions& columns = options.columns;
  const Table table = read_csv(path / csv, {.delimiter = columns.paths.delimiter});
  const TableFiles rows(table, path, columns.paths);
  Splitter splitter = nullptr;
  if (columns.valid_column) {
    splitter =
        column_splitter(table, path, {.column = *columns.valid_column, .paths = columns.paths});
  }
  ImageLoaderOptions labelled = options;
  labelled.label_delim = "";  // the rule reads several labels itself
  if (!options.label_delim.empty() && !options.y_block) {
    labelled.y_block = MultiCategoryBlock({.vocab = options.vocab});
  }
  const auto rule = csv_label(table, path,
                              {.label_column = columns.label_column,
                               .label_delim = options.label_delim,
                               .paths = columns.paths});
  return from_label_rule(path, rows.files(), rule, labelled, splitter);
}

ImageDataLoaders ImageDataLoaders::from_lists(const fs::path& path,
                                              const std::vector<fs::path>& files,
                                              const std::vector<Label>& labels,
                                              const ImageLoaderOptions& options) {
  if (files.size() != labels.size()) {
    throw UsageError(kLoadersWhere,
                     fmt::format("got {} files and {} labels, expected as many of each",
                                 files.size(), labels.size()));
  }
  std::map<fs::path, Label> by_file;
  for (size_t i = 0; i < files.size(); ++i) by_file.emplace(files[i], labels[i]);
  const auto look_up = [by_file = std::move(by_file)](const fs::path& file) {
    return by_file.at(file);
  };
  ImageLoaderOptions labelled = options;
  if (!options.y_block && !labels.empty() && labels[0].is_list()) {
    labelled.y_block = MultiCategoryBlock({.vocab = options.vocab});
  }
  return from_label_rule(path, files, LabelRule::function(look_up, "list"), labelled);
}

}  // namespace linnet
