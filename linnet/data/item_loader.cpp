#include "linnet/data/item_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>
#include <thread>

#include "linnet/core/device.h"
#include "linnet/core/error.h"
#include "linnet/core/thread_pool.h"

namespace linnet {

namespace {

int64_t count_workers(const LoaderOptions& options) {
  if (options.workers) return *options.workers;
  return std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, 16);
}

constexpr size_t kBatchesAhead = 3;

class ItemStream final : public BatchStream {
 public:
  ItemStream(const Dataset& dataset, std::shared_ptr<const Pipeline> pipeline,
             const LoaderOptions& options, int64_t epoch, int64_t first)
      : dataset_(dataset),
        pipeline_(std::move(pipeline)),
        options_(options),
        epoch_(epoch),
        plan_(plan_batches(dataset.size(), options, epoch)),
        next_(static_cast<size_t>(first)),
        asked_(next_),
        pool_(count_workers(options)) {}

  std::optional<Batch> next() override {
    while (next_ < plan_.size()) {
      const size_t ahead = pool_.threads() == 0 ? 1 : kBatchesAhead;
      for (; asked_ < plan_.size() && asked_ < next_ + ahead; ++asked_) ask(asked_);
      if (auto batch = take()) return batch;
    }
    return std::nullopt;
  }

 private:
  struct Made {
    std::optional<Batch> batch;  // nothing when every item had to be left out
    std::vector<BadItem> left_out;
  };

  // Items first, then what makes a batch of them: a worker that begins it may have to wait for
  // items that others read, not for one that nobody reads yet.
  void ask(size_t number) {
    std::vector<std::future<Sample>> samples;
    for (const int64_t position : plan_[number]) {
      samples.push_back(pool_.submit([this, position] {
        auto random = options_.generator(LoaderOptions::Draw::item, epoch_, position);
        return pipeline_->encode(dataset_[position], options_.split, random);
      }));
    }
    auto shared = std::make_shared<std::vector<std::future<Sample>>>(std::move(samples));
    pending_.push_back(pool_.submit([this, number, shared] {
      if (pool_.threads() > 0) set_threads_here(1);
      return make(number, *shared);
    }));
  }

  Made make(size_t number, std::vector<std::future<Sample>>& futures) const {
    Made made;
    std::vector<Sample> samples;
    std::vector<int64_t> items;
    for (size_t i = 0; i < futures.size(); ++i) {
      const int64_t position = plan_[number][i];
      try {
        samples.push_back(futures[i].get());
        items.push_back(position);
      } catch (const DataError& e) {
        const Item item = dataset_.item(position);
        if (options_.on_bad_item) {
          made.left_out.push_back({position, item.name(), e.what()});
        } else if (e.path().empty()) {
          throw DataError("DataLoader", fmt::format("{}: {}", item.name(), e.text()));
        } else {
          throw;
        }
      }
    }
    if (samples.empty()) return made;
    Batch batch = pipeline_->collate(std::move(samples));
    batch.items = std::move(items);
    batch.to(options_.device);
    auto random =
        options_.generator(LoaderOptions::Draw::batch, epoch_, static_cast<int64_t>(number) + 1);
    pipeline_->apply_batch_tfms(batch, options_.split, random);
    made.batch = std::move(batch);
    return made;
  }

  std::optional<Batch> take() {
    ++next_;
    Made made = pending_.front().get();
    pending_.pop_front();
    for (const BadItem& bad : made.left_out) options_.on_bad_item(bad);
    return std::move(made.batch);
  }

  Dataset dataset_;
  std::shared_ptr<const Pipeline> pipeline_;
  LoaderOptions options_;
  int64_t epoch_;
  std::vector<std::vector<int64_t>> plan_;
  size_t next_;   // first batch not yet given
  size_t asked_;  // first batch not yet begun
  std::deque<std::future<Made>> pending_;
  ThreadPool pool_;  // last: its tasks use the members above, so it goes first
};

}  // namespace

ItemLoader::ItemLoader(Dataset dataset, std::shared_ptr<const Pipeline> pipeline,
                       LoaderOptions options)
    : dataset_(std::move(dataset)), pipeline_(std::move(pipeline)), options_(std::move(options)) {
  options_.check();
}

int64_t ItemLoader::batches() const { return options_.batches_of(dataset_.size()); }
int64_t ItemLoader::items() const { return options_.items_of(dataset_.size()); }

std::unique_ptr<BatchStream> ItemLoader::stream_from(int64_t epoch, int64_t first) const {
  return std::make_unique<ItemStream>(dataset_, pipeline_, options_, epoch, first);
}

std::shared_ptr<const DataLoader> ItemLoader::in_order(std::optional<Split> treated_as) const {
  const Split split = treated_as.value_or(options_.split);
  if (options_.is_ordered() && split == options_.split) return nullptr;
  return std::make_shared<ItemLoader>(dataset_, pipeline_, options_.ordered(split));
}

}  // namespace linnet
