#include "linnet/data/gathered_loader.h"

#include <algorithm>
#include <mutex>

#include "linnet/core/parallel.h"
#include "linnet/core/random.h"
#include "linnet/data/gather.h"

namespace linnet::detail {

namespace {

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

bool fits_in_memory(const Dataset& dataset, const Pipeline& pipeline,
                    const LoaderOptions& options) {
  const auto is_file = [](const Value& source) {
    return std::holds_alternative<std::filesystem::path>(source);
  };
  const auto first = dataset.size() > 0 ? dataset[0] : Dataset::Sources();
  const bool files = std::any_of(first.begin(), first.end(), is_file);
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
        std::make_shared<const Batch>(encode_all(*items_.dataset(), *encoded_->pipeline));
  });
  return gather(encoded_->batch, items_.options().device,
                plan_batches(items_.dataset()->size(), items_.options(), epoch), first);
}

std::shared_ptr<const DataLoader> GatheredLoader::in_order(std::optional<Split>) const {
  const LoaderOptions& options = items_.options();
  if (options.is_ordered()) return nullptr;
  return std::shared_ptr<const DataLoader>(new GatheredLoader(
      ItemLoader(*items_.dataset(), encoded_->pipeline, options.ordered(options.split)), encoded_));
}

}  // namespace linnet::detail
