#include "linnet/data/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>
#include <numeric>
#include <thread>

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
      while (asked_ < plan_.size() && asked_ < next_ + ahead) ask(plan_[asked_++]);
      if (auto batch = take(plan_[next_++])) return batch;
    }
    return std::nullopt;
  }

 private:
  void ask(const std::vector<int64_t>& positions) {
    std::vector<std::future<Sample>> samples;
    for (const int64_t position : positions) {
      samples.push_back(pool_.submit([this, position] {
        auto random = generator(options_, Draw::item, epoch_, position);
        return pipeline_->encode(dataset_[position], options_.split, random);
      }));
    }
    pending_.push_back(std::move(samples));
  }

  // Nothing when every item of the batch had to be left out.
  std::optional<Batch> take(const std::vector<int64_t>& positions) {
    auto futures = std::move(pending_.front());
    pending_.pop_front();
    std::vector<Sample> samples;
    std::vector<int64_t> items;
    for (size_t i = 0; i < futures.size(); ++i) {
      try {
        samples.push_back(futures[i].get());
        items.push_back(positions[i]);
      } catch (const DataError& e) {
        if (!options_.on_bad_item) throw;
        options_.on_bad_item(positions[i], e.what());
      }
    }
    if (samples.empty()) return std::nullopt;
    Batch batch = pipeline_->collate(std::move(samples));
    batch.items = std::move(items);
    batch.to(options_.device);
    auto random = generator(options_, Draw::batch, epoch_, static_cast<int64_t>(next_));
    pipeline_->apply_batch_tfms(batch, options_.split, random);
    return batch;
  }

  Dataset dataset_;
  std::shared_ptr<const Pipeline> pipeline_;
  LoaderOptions options_;
  int64_t epoch_;
  std::vector<std::vector<int64_t>> plan_;
  size_t next_;   // first batch not yet given
  size_t asked_;  // first batch not yet begun
  std::deque<std::vector<std::future<Sample>>> pending_;
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
