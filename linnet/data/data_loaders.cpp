#include "linnet/data/data_loaders.h"

#include "linnet/core/error.h"

namespace linnet {

namespace {

void check_sides(int64_t train, int64_t valid) {
  if (train == 0) throw DataError("DataLoaders", "the training set is empty");
  if (valid == 0) {
    throw DataError(
        "DataLoaders",
        "the validation set is empty: without one nobody knows what the model is worth. "
        "Hold out some items (valid_pct = 0.2, say)");
  }
}

}  // namespace

DataLoaders::DataLoaders(std::shared_ptr<const DataLoader> train,
                         std::shared_ptr<const DataLoader> valid)
    : train_(std::move(train)), valid_(std::move(valid)) {
  if (train_ == nullptr || valid_ == nullptr) throw UsageError("DataLoaders", "a loader is null");
  check_sides(train_->items(), valid_->items());
}

DataLoaders::DataLoaders(Dataset train, Dataset valid, Pipeline pipeline, LoaderOptions options)
    : pipeline_(std::make_shared<const Pipeline>(std::move(pipeline))),
      train_items_(std::move(train)),
      valid_items_(std::move(valid)),
      options_(std::move(options)) {
  check_sides(train_items_.size(), valid_items_.size());
  LoaderOptions for_training = options_;
  for_training.shuffle = true;
  // A set smaller than one batch is used whole: nothing would be left of it.
  for_training.drop_last = train_items_.size() >= options_.bs;
  for_training.split = Split::train;
  train_ = std::make_shared<ItemLoader>(train_items_, pipeline_, for_training);
  valid_ = std::make_shared<ItemLoader>(valid_items_, pipeline_, options_);
}

const DataLoader& DataLoaders::train() const {
  if (train_ == nullptr) {
    throw UsageError("DataLoaders::train", "this learner has no data: it was loaded from a file");
  }
  return *train_;
}

const DataLoader& DataLoaders::valid() const {
  if (valid_ == nullptr) {
    throw UsageError("DataLoaders::valid", "this learner has no data: it was loaded from a file");
  }
  return *valid_;
}

const Pipeline& DataLoaders::pipeline() const {
  if (pipeline_ == nullptr) {
    throw UsageError("DataLoaders::pipeline",
                     "these loaders give finished tensors and know no pipeline");
  }
  return *pipeline_;
}

DataLoaders DataLoaders::with(const BatchTransform& transform) const {
  return rebuilt(pipeline().with(transform), options_);
}

DataLoaders DataLoaders::to(const torch::Device& device) const {
  if (!has_pipeline()) return *this;
  LoaderOptions options = options_;
  options.device = device;
  return rebuilt(pipeline(), options);
}

DataLoaders DataLoaders::rebuilt(const Pipeline& pipeline, const LoaderOptions& options) const {
  DataLoaders changed = has_data() ? DataLoaders(train_items_, valid_items_, pipeline, options)
                                   : without_data(pipeline);
  changed.options_ = options;
  changed.about = about;
  return changed;
}

std::shared_ptr<const DataLoader> DataLoaders::test_dl(std::vector<Dataset::Sources> items,
                                                       const TestLoaderOptions& wanted) const {
  LoaderOptions options = options_;
  options.bs = wanted.bs.value_or(options_.bs);
  if (wanted.workers) options.workers = wanted.workers;
  if (wanted.on_bad_item) options.on_bad_item = wanted.on_bad_item;
  pipeline();  // says what is missing
  return std::make_shared<ItemLoader>(Dataset(std::move(items)), pipeline_, options);
}

DataLoaders DataLoaders::without_data(Pipeline pipeline) {
  DataLoaders loaders;
  loaders.pipeline_ = std::make_shared<const Pipeline>(std::move(pipeline));
  return loaders;
}

}  // namespace linnet
