#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/loader.h"
#include "linnet/data/pipeline.h"

namespace linnet {

/** What `test_dl` takes; what is left out is as the loaders have it. */
struct TestLoaderOptions {
  std::optional<int64_t> bs = std::nullopt;
  std::optional<int64_t> workers = std::nullopt;
  std::function<void(int64_t item, const std::string& reason)> on_bad_item = nullptr;
};

/** Training and validation data of one task, and how new items of it are treated. A cheap value. */
class DataLoaders {
 public:
  DataLoaders() = default;
  /** Any two loaders, without a pipeline: such a learner trains and validates, but cannot predict
   * from a source. */
  DataLoaders(std::shared_ptr<const DataLoader> train, std::shared_ptr<const DataLoader> valid);
  /** Items through a pipeline. The training loader shuffles and drops a last batch that is not
   * full, as fastai's does. */
  DataLoaders(Dataset train, Dataset valid, Pipeline pipeline, LoaderOptions options);

  /** UsageError when there is none, as in a learner read from a file. */
  const DataLoader& train() const;
  const DataLoader& valid() const;
  bool has_data() const { return train_ != nullptr; }

  /** UsageError when there is none. */
  const Pipeline& pipeline() const;
  bool has_pipeline() const { return pipeline_ != nullptr; }
  /** Loaders for the same data whose pipeline has one more batch transform. */
  DataLoaders with(const BatchTransform& transform) const;

  /** Loaders whose batches come on that device. */
  DataLoaders to(const torch::Device& device) const;

  /** A loader over new items, treated as validation items are. Rows hold the inputs' sources,
   * targets too if labelled. */
  std::shared_ptr<const DataLoader> test_dl(std::vector<Dataset::Sources> items,
                                            const TestLoaderOptions& options = {}) const;

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
  LoaderOptions options_;
};

}  // namespace linnet
