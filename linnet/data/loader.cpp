#include "linnet/data/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>
#include <numeric>
#include <thread>

#include "linnet/core/device.h"
#include "linnet/core/error.h"
#include "linnet/core/random.h"
#include "linnet/core/thread_pool.h"
#include "linnet/data/gathered_loader.h"

namespace linnet {

namespace {

// Streams of random numbers that one seed feeds must not be the same numbers.
enum class Draw : uint64_t { order = 1, item = 2, batch = 3 };

Generator generator(const LoaderOptions& options, Draw draw, int64_t epoch, int64_t index) {
  return Generator({options.seed, static_cast<uint64_t>(draw), static_cast<uint64_t>(epoch),
                    static_cast<uint64_t>(index)});
}

void check(const LoaderOptions& options) {
  if (options.bs < 1) {
    throw UsageError("DataLoader",
                     fmt::format("batch size: got {}, expected 1 or more", options.bs));
  }
  if (options.workers && *options.workers < 0) {
    throw UsageError("DataLoader",
                     fmt::format("workers: got {}, expected 0 or more", *options.workers));
  }
}

int64_t count_batches(int64_t n, const LoaderOptions& options) {
  return options.drop_last ? n / options.bs : (n + options.bs - 1) / options.bs;
}

int64_t count_items(int64_t n, const LoaderOptions& options) {
  return options.drop_last ? n / options.bs * options.bs : n;
}

int64_t count_workers(const LoaderOptions& options) {
  if (options.workers) return *options.workers;
  return std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, 16);
}

LoaderOptions ordered(LoaderOptions options, Split split) {
  options.shuffle = options.drop_last = false;
  options.split = split;
  return options;
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
  struct BadItem {
    int64_t position;
    std::string reason;
  };
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
        auto random = generator(options_, Draw::item, epoch_, position);
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
        if (!options_.on_bad_item) throw;
        made.left_out.push_back({position, e.what()});
      }
    }
    if (samples.empty()) return made;
    Batch batch = pipeline_->collate(std::move(samples));
    batch.items = std::move(items);
    batch.to(options_.device);
    auto random = generator(options_, Draw::batch, epoch_, static_cast<int64_t>(number) + 1);
    pipeline_->apply_batch_tfms(batch, options_.split, random);
    made.batch = std::move(batch);
    return made;
  }

  std::optional<Batch> take() {
    ++next_;
    Made made = pending_.front().get();
    pending_.pop_front();
    for (const BadItem& bad : made.left_out) options_.on_bad_item(bad.position, bad.reason);
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

std::vector<std::vector<int64_t>> plan_batches(int64_t n, const LoaderOptions& options,
                                               int64_t epoch) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  if (options.shuffle) {
    auto random = generator(options, Draw::order, epoch, 0);
    for (int64_t i = n - 1; i > 0; --i) {
      std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(random.integer(i + 1))]);
    }
  }
  std::vector<std::vector<int64_t>> batches;
  for (int64_t b = 0; b < count_batches(n, options); ++b) {
    const auto begin = order.begin() + b * options.bs;
    batches.emplace_back(begin, begin + std::min(options.bs, n - b * options.bs));
  }
  return batches;
}

std::unique_ptr<BatchStream> DataLoader::stream_from(int64_t epoch, int64_t first) const {
  auto whole = stream(epoch);
  for (int64_t i = 0; i < first; ++i) whole->next();
  return whole;
}

ItemLoader::ItemLoader(Dataset dataset, std::shared_ptr<const Pipeline> pipeline,
                       LoaderOptions options)
    : dataset_(std::move(dataset)), pipeline_(std::move(pipeline)), options_(std::move(options)) {
  check(options_);
}

int64_t ItemLoader::batches() const { return count_batches(dataset_.size(), options_); }
int64_t ItemLoader::items() const { return count_items(dataset_.size(), options_); }

std::unique_ptr<BatchStream> ItemLoader::stream_from(int64_t epoch, int64_t first) const {
  return std::make_unique<ItemStream>(dataset_, pipeline_, options_, epoch, first);
}

std::shared_ptr<const DataLoader> ItemLoader::in_order(std::optional<Split> treated_as) const {
  const Split split = treated_as.value_or(options_.split);
  if (!options_.shuffle && !options_.drop_last && split == options_.split) return nullptr;
  return std::make_shared<ItemLoader>(dataset_, pipeline_, ordered(options_, split));
}

TensorLoader::TensorLoader(std::vector<torch::Tensor> x, std::vector<torch::Tensor> y,
                           LoaderOptions options)
    : x_(std::move(x)), y_(std::move(y)), options_(std::move(options)) {
  check(options_);
  if (x_.empty()) throw UsageError("TensorLoader", "got no inputs");
  for (const auto* side : {&x_, &y_}) {
    for (const auto& tensor : *side) {
      if (tensor.size(0) != x_[0].size(0)) {
        throw UsageError("TensorLoader",
                         fmt::format("got tensors of {} and {} rows, expected as many rows in each",
                                     x_[0].size(0), tensor.size(0)));
      }
    }
  }
}

int64_t TensorLoader::batches() const { return count_batches(x_[0].size(0), options_); }
int64_t TensorLoader::items() const { return count_items(x_[0].size(0), options_); }

std::shared_ptr<const DataLoader> TensorLoader::in_order(std::optional<Split>) const {
  if (!options_.shuffle && !options_.drop_last) return nullptr;
  return std::make_shared<TensorLoader>(x_, y_, ordered(options_, options_.split));
}

std::unique_ptr<BatchStream> TensorLoader::stream_from(int64_t epoch, int64_t first) const {
  auto all = std::make_shared<Batch>();
  for (const auto& tensor : x_) all->x.push_back({Kind::tensor, tensor});
  for (const auto& tensor : y_) all->y.push_back({Kind::tensor, tensor});
  return detail::gather(all, options_.device, plan_batches(x_[0].size(0), options_, epoch), first);
}

}  // namespace linnet
