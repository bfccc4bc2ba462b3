#include "linnet/vision/loaders.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "linnet/core/error.h"
#include "linnet/core/thread_pool.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/items.h"
#include "linnet/io/csv.h"
#include "linnet/media/decode.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kWhere = "ImageDataLoaders";

void check_valid_pct(double valid_pct) {
  if (valid_pct > 0 && valid_pct < 1) return;
  throw UsageError(
      kWhere,
      fmt::format("valid_pct: got {}, expected a fraction above 0 and below 1. Without pictures "
                  "that were held out nobody knows what the model is worth.",
                  valid_pct));
}

void check_classes(const std::vector<Label>& vocab, const fs::path& path) {
  if (vocab.size() >= 2) return;
  throw DataError(
      kWhere, path,
      vocab.empty()
          ? std::string("no labels")
          : fmt::format("all pictures have one label, '{}': a recogniser needs two classes or "
                        "more. Check the label rule.",
                        vocab[0].text()));
}

// Counts by label, for the record: who is in the split.
Json class_counts(const Dataset& items) {
  std::map<std::string, int64_t> counts;
  for (const Value& label : items.column(1)) ++counts[std::get<Label>(label).text()];
  Json json = Json::object();
  for (const auto& [label, count] : counts) json[label] = count;
  return json;
}

Json describe(const fs::path& path, const LabelRule& rule, const ImageLoaderOptions& options,
              const SplitIndices& split, const std::vector<fs::path>& files, const Dataset& train,
              const Dataset& valid) {
  Json about{{"data", path.string()},
             {"label", rule.config()},
             {"train", train.size()},
             {"valid", valid.size()},
             {"split_hash", split_hash(split, files, path)},
             {"train_classes", class_counts(train)},
             {"valid_classes", class_counts(valid)}};
  if (options.seed) about["seed"] = static_cast<int64_t>(*options.seed);
  return about;
}

}  // namespace

void check_pictures(const std::vector<fs::path>& files) {
  ThreadPool pool(std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, 16));
  constexpr size_t kChunk = 64;
  std::vector<std::future<std::vector<std::string>>> chunks;
  for (size_t begin = 0; begin < files.size(); begin += kChunk) {
    chunks.push_back(pool.submit([&files, begin] {
      std::vector<std::string> reasons;
      for (size_t i = begin; i < std::min(begin + kChunk, files.size()); ++i) {
        try {
          read_image_info(files[i]);
        } catch (const DataError& e) {
          reasons.emplace_back(e.what());
        }
      }
      return reasons;
    }));
  }
  std::vector<std::string> reasons;
  for (auto& chunk : chunks) {
    for (auto& reason : chunk.get()) reasons.push_back(std::move(reason));
  }
  if (reasons.empty()) return;
  const auto others = reasons.size() - 1;
  throw DataError("check_pictures", others == 0
                                        ? reasons[0]
                                        : fmt::format("{} ({} more like it)", reasons[0], others));
}

ImageDataLoaders ImageDataLoaders::from_label_rule(const fs::path& path,
                                                   const std::vector<fs::path>& files,
                                                   const LabelRule& rule,
                                                   const ImageLoaderOptions& options,
                                                   const Splitter& splitter) {
  if (files.empty()) throw DataError(kWhere, path, "no pictures found. Check the path.");
  if (!splitter) check_valid_pct(options.valid_pct);
  check_pictures(files);
  std::vector<Dataset::Sources> table;
  table.reserve(files.size());
  for (const auto& file : files) table.push_back({file, rule(file)});
  const Dataset all(std::move(table));
  const auto split =
      splitter ? splitter(files) : random_splitter(options.valid_pct, options.seed)(files);
  const auto train = all.subset(split.train);
  const auto valid = all.subset(split.valid);

  const auto category = Block(CategoryBlock(options.vocab)).setup(train.column(1));
  check_classes(category->vocab(), path);
  for (const Value& label : valid.column(1))
    category->encode(label);  // says now which class has no training item

  LoaderOptions loader{.bs = options.bs, .workers = options.workers};
  loader.seed = options.seed
                    ? *options.seed
                    : static_cast<uint64_t>(torch::randint(1LL << 62, {1}).item<int64_t>());
  if (options.on_bad_item) {
    loader.on_bad_item = [tell = options.on_bad_item](int64_t, const std::string& reason) {
      tell({}, reason);
    };
  }
  DataLoaders loaders(train, valid,
                      Pipeline({.blocks = {ImageBlock(options.image), category},
                                .item_tfms = options.item_tfms,
                                .batch_tfms = options.batch_tfms}),
                      loader);
  loaders.about = describe(path, rule, options, split, files, train, valid);
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
    const auto files = get_image_files(path, true, {"train", "valid"});
    return from_label_rule(path, files, parent_label(), options, grandparent_splitter());
  }
  return from_label_rule(path, get_image_files(path), parent_label(), options);
}

ImageDataLoaders ImageDataLoaders::from_csv(const fs::path& path, const fs::path& csv,
                                            const ImageLoaderOptions& options) {
  const CsvTable table = read_csv(path / csv);
  std::vector<fs::path> files;
  for (const auto& row : table.rows) files.push_back(path / row[0]);
  return from_label_rule(path, files, csv_label(path / csv, path), options);
}

ImageDataLoaders ImageDataLoaders::from_lists(const fs::path& path,
                                              const std::vector<fs::path>& files,
                                              const std::vector<Label>& labels,
                                              const ImageLoaderOptions& options) {
  if (files.size() != labels.size()) {
    throw UsageError(kWhere, fmt::format("got {} files and {} labels, expected as many of each",
                                         files.size(), labels.size()));
  }
  std::map<fs::path, Label> by_file;
  for (size_t i = 0; i < files.size(); ++i) by_file.emplace(files[i], labels[i]);
  const auto look_up = [by_file = std::move(by_file)](const fs::path& file) {
    return by_file.at(file);
  };
  return from_label_rule(path, files, LabelRule::function(look_up, "list"), options);
}

}  // namespace linnet
