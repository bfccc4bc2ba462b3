#include "linnet/data/data_loaders.h"

#include "linnet/core/error.h"
#include "linnet/data/gathered_loader.h"
#include "linnet/data/item_loader.h"
#include "linnet/data/split.h"

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

std::shared_ptr<const DataLoader> loader_of(const Dataset& dataset,
                                            const std::shared_ptr<const Pipeline>& pipeline,
                                            const LoaderOptions& options) {
  if (detail::fits_in_memory(dataset, *pipeline, options))
    return std::make_shared<detail::GatheredLoader>(dataset, pipeline, options);
  return std::make_shared<ItemLoader>(dataset, pipeline, options);
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
  train_ = loader_of(train_items_, pipeline_, for_training);
  valid_ = loader_of(valid_items_, pipeline_, options_);
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
  changed.test_items_ = test_items_;
  changed.getters_ = getters_;
  changed.about = about;
  return changed;
}

std::shared_ptr<const DataLoader> DataLoaders::test_dl(const Dataset& items,
                                                       const TestLoaderOptions& wanted) const {
  LoaderOptions options = options_;
  options.bs = wanted.bs.value_or(options_.bs);
  if (wanted.workers) options.workers = wanted.workers;
  if (wanted.on_bad_item) options.on_bad_item = wanted.on_bad_item;
  pipeline();  // says what is missing
  return loader_of(items, pipeline_, options);
}

namespace {

// A saved learner knows its label rule by what it keeps of its data.
std::vector<Getter> getters_from(const Json& about) {
  const Json* rule = about.find("label");
  if (rule == nullptr || !rule->is_object()) {
    throw UsageError("DataLoaders::test_dl",
                     "these loaders do not know how files are labelled: give rows of sources");
  }
  return {Getter(), Getter(LabelRule::from_config(*rule))};
}

}  // namespace

std::shared_ptr<const DataLoader> DataLoaders::test_dl(
    const std::vector<std::filesystem::path>& files, const TestLoaderOptions& options) const {
  std::vector<Getter> getters;
  if (getters_ != nullptr) {
    getters = *getters_;
  } else {
    getters = options.with_labels ? getters_from(about) : std::vector<Getter>{Getter()};
  }
  const auto n = static_cast<size_t>(pipeline().n_inp());
  if (!options.with_labels && getters.size() > n)
    getters.erase(getters.begin() + static_cast<std::ptrdiff_t>(n), getters.end());
  std::vector<Dataset::Sources> rows;
  rows.reserve(files.size());
  for (const auto& file : files) {
    Dataset::Sources row;
    for (const Getter& get : getters) row.push_back(get(Item(file)));
    rows.push_back(std::move(row));
  }
  return test_dl(std::move(rows), options);
}

void DataLoaders::set_getters(std::vector<Getter> getters) {
  getters_ = std::make_shared<const std::vector<Getter>>(std::move(getters));
}

DataLoaders DataLoaders::with_test(Dataset test) const {
  DataLoaders changed = *this;
  changed.test_items_ = std::move(test);
  return changed;
}

std::shared_ptr<const DataLoader> DataLoaders::held_back_test() const {
  if (test_items_.size() == 0) {
    throw UsageError("DataLoaders::held_back_test",
                     "no test set is held back. Declare one before training: test_pct = 0.1, say");
  }
  return loader_of(test_items_, pipeline_, options_);
}

void DataLoaders::save_split(const std::filesystem::path& file) const {
  std::vector<Item> items;
  SplitIndices split;
  const auto add = [&](const Dataset& dataset, std::vector<int64_t>& side) {
    for (int64_t i = 0; i < dataset.size(); ++i) {
      side.push_back(std::ssize(items));
      items.push_back(dataset.item(i));
    }
  };
  add(train_items_, split.train);
  add(valid_items_, split.valid);
  add(test_items_, split.test);
  const Json* root = about.find("data");
  linnet::save_split(file, split, Items(std::move(items)),
                     root != nullptr ? root->as_string() : std::string());
}

DataLoaders DataLoaders::without_data(Pipeline pipeline) {
  DataLoaders loaders;
  loaders.pipeline_ = std::make_shared<const Pipeline>(std::move(pipeline));
  return loaders;
}

}  // namespace linnet
