#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/getter.h"
#include "linnet/data/loader.h"
#include "linnet/data/pipeline.h"

namespace linnet {

/** What `test_dl` takes; what is left out is as the loaders have it. */
struct TestLoaderOptions {
  std::optional<int64_t> bs = std::nullopt;
  std::optional<int64_t> workers = std::nullopt;
  std::function<void(const BadItem& item)> on_bad_item = nullptr;
  bool with_labels = false;  // of files: targets too, found as they were for training
};

/** Training and validation data of one task, and how new items of it are treated. A cheap value. */
class DataLoaders {
 public:
  DataLoaders() = default;
  /** Any two loaders, without a pipeline: such a learner trains and validates, but cannot predict
   * from a source. */
  DataLoaders(std::shared_ptr<const DataLoader> train, std::shared_ptr<const DataLoader> valid);
  /** Items through a pipeline: a DataBlock's, or data sets of your own. The training loader
   * shuffles and drops a last batch that is not full, as fastai's does. */
  DataLoaders(Dataset train, Dataset valid, Pipeline pipeline, LoaderOptions options);

  /** UsageError when there is none, as in a learner read from a file. */
  const DataLoader& train() const;
  const DataLoader& valid() const;
  bool has_data() const { return train_ != nullptr; }
  /** The items behind them; empty for finished tensors. */
  const Dataset& train_ds() const { return train_items_; }
  const Dataset& valid_ds() const { return valid_items_; }

  /** UsageError when there is none. */
  const Pipeline& pipeline() const;
  bool has_pipeline() const { return pipeline_ != nullptr; }
  /** The same, to keep; null when there is none. */
  std::shared_ptr<const Pipeline> shared_pipeline() const { return pipeline_; }
  /** Loaders for the same data whose pipeline has one more batch transform. */
  DataLoaders with(const BatchTransform& transform) const;

  /** Loaders whose batches come on that device. */
  DataLoaders to(const torch::Device& device) const;

  /** A loader over new items, treated as validation items are. Rows hold the inputs' sources,
   * targets too if labelled. */
  std::shared_ptr<const DataLoader> test_dl(const Dataset& items,
                                            const TestLoaderOptions& options = {}) const;
  std::shared_ptr<const DataLoader> test_dl(std::vector<Dataset::Sources> items,
                                            const TestLoaderOptions& options = {}) const {
    return test_dl(Dataset(std::move(items)), options);
  }
  /** The same from files. UsageError for labels when these loaders were not made by a DataBlock, or
   * come from a saved learner that was labelled by a C++ function.
   *  source  fastai 2.7 DataLoaders.test_dl
   */
  std::shared_ptr<const DataLoader> test_dl(const std::vector<std::filesystem::path>& files,
                                            const TestLoaderOptions& options = {}) const;
  /** How files become sources, one a block: what a DataBlock leaves here for test_dl. */
  void set_getters(std::vector<Getter> getters);

  /** These loaders with a test set that is held back from them: nothing but `evaluate_on_test`
   * (linnet/train/test_set.h), which keeps a record, is to look at it. */
  DataLoaders with_test(Dataset test) const;
  /** How many items are held back. */
  int64_t test_items() const { return test_items_.size(); }
  /** For evaluate_on_test; UsageError when nothing is held back. */
  std::shared_ptr<const DataLoader> held_back_test() const;

  /** Who is on which side, as a file that `file_splitter` reads: with it another run, `linnet
   * validate` and other programs hold out the same items. Names are relative to the folder in
   * `about`; rows go by their positions. UsageError for items that are neither. */
  void save_split(const std::filesystem::path& file) const;

  /** How many outputs a model needs, and the classes by index. */
  int64_t c() const { return pipeline().target()->c(); }
  std::vector<Label> vocab() const { return pipeline().target()->vocab(); }

  /** What is known of where the data came from (folder, label rule, split and its hash): kept in a
   * saved learner. */
  Json about = Json::object();

  /** Loaders without data around a stored pipeline. */
  static DataLoaders without_data(Pipeline pipeline);

 private:
  DataLoaders rebuilt(const Pipeline& pipeline, const LoaderOptions& options) const;

  std::shared_ptr<const Pipeline> pipeline_;
  std::shared_ptr<const DataLoader> train_;
  std::shared_ptr<const DataLoader> valid_;
  Dataset train_items_;
  Dataset valid_items_;
  Dataset test_items_;
  std::shared_ptr<const std::vector<Getter>> getters_;
  LoaderOptions options_;
};

}  // namespace linnet
