#include "linnet/data/gathered_loader.h"

#include <algorithm>
#include <mutex>

#include "linnet/core/parallel.h"
#include "linnet/core/random.h"

namespace linnet::detail {

namespace {

class GatheredStream final : public BatchStream {
 public:
  GatheredStream(std::shared_ptr<const Batch> all, const torch::Device& device,
                 std::vector<std::vector<int64_t>> plan, int64_t first)
      : all_(std::move(all)),
        device_(device),
        plan_(std::move(plan)),
        next_(static_cast<size_t>(first)) {}

  std::optional<Batch> next() override {
    if (next_ >= plan_.size()) return std::nullopt;
    Batch batch;
    batch.items = std::move(plan_[next_++]);
    const auto rows = torch::tensor(batch.items);
    for (const Column& column : all_->x)
      batch.x.push_back({column.kind, column.data.index_select(0, rows)});
    for (const Column& column : all_->y)
      batch.y.push_back({column.kind, column.data.index_select(0, rows)});
    batch.to(device_);
    return batch;
  }

 private:
  std::shared_ptr<const Batch> all_;
  torch::Device device_;
  std::vector<std::vector<int64_t>> plan_;
  size_t next_;
};

bool is_small(Kind kind) { return kind != Kind::image && kind != Kind::mask && kind != Kind::text; }

Batch encode_all(const Dataset& dataset, const Pipeline& pipeline) {
  std::vector<Sample> samples(static_cast<size_t>(dataset.size()));
  constexpr int64_t kChunk = 512;
  parallel_chunks(dataset.size(), kChunk, [&](int64_t begin, int64_t end) {
    Generator nothing_random({0});
    for (int64_t i = begin; i < end; ++i)
      samples[static_cast<size_t>(i)] = pipeline.encode(dataset[i], Split::valid, nothing_random);
  });
  return pipeline.collate(std::move(samples));
}

}  // namespace

std::unique_ptr<BatchStream> gather(std::shared_ptr<const Batch> all, const torch::Device& device,
                                    std::vector<std::vector<int64_t>> plan, int64_t first) {
  return std::make_unique<GatheredStream>(std::move(all), device, std::move(plan), first);
}

bool fits_in_memory(const Dataset& dataset, const Pipeline& pipeline,
                    const LoaderOptions& options) {
  const auto is_file = [](const Value& source) {
    return std::holds_alternative<std::filesystem::path>(source);
  };
  const bool files =
      dataset.size() > 0 && std::any_of(dataset[0].begin(), dataset[0].end(), is_file);
  return !files && !options.on_bad_item && pipeline.item_tfms().empty() &&
         pipeline.batch_tfms().empty() &&
         std::all_of(pipeline.blocks().begin(), pipeline.blocks().end(),
                     [](const Block& block) { return is_small(block->kind()); });
}

struct GatheredLoader::Encoded {
  std::shared_ptr<const Pipeline> pipeline;
  std::once_flag once;
  std::shared_ptr<const Batch> batch;
};

GatheredLoader::GatheredLoader(Dataset dataset, std::shared_ptr<const Pipeline> pipeline,
                               LoaderOptions options)
    : GatheredLoader(ItemLoader(std::move(dataset), pipeline, std::move(options)),
                     std::make_shared<Encoded>()) {
  encoded_->pipeline = std::move(pipeline);
}

GatheredLoader::GatheredLoader(ItemLoader items, std::shared_ptr<Encoded> encoded)
    : items_(std::move(items)), encoded_(std::move(encoded)) {}

std::unique_ptr<BatchStream> GatheredLoader::stream_from(int64_t epoch, int64_t first) const {
  std::call_once(encoded_->once, [&] {
    encoded_->batch =
        std::make_shared<const Batch>(encode_all(items_.dataset(), *encoded_->pipeline));
  });
  return gather(encoded_->batch, items_.options().device,
                plan_batches(items_.dataset().size(), items_.options(), epoch), first);
}

std::shared_ptr<const DataLoader> GatheredLoader::in_order(std::optional<Split>) const {
  const LoaderOptions& options = items_.options();
  if (!options.shuffle && !options.drop_last) return nullptr;
  LoaderOptions ordered = options;
  ordered.shuffle = ordered.drop_last = false;
  return std::shared_ptr<const DataLoader>(new GatheredLoader(
      ItemLoader(items_.dataset(), encoded_->pipeline, std::move(ordered)), encoded_));
}

}  // namespace linnet::detail
