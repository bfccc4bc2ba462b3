#include "linnet/data/gather.h"

#include <utility>

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

}  // namespace

std::unique_ptr<BatchStream> gather(std::shared_ptr<const Batch> all, const torch::Device& device,
                                    std::vector<std::vector<int64_t>> plan, int64_t first) {
  return std::make_unique<GatheredStream>(std::move(all), device, std::move(plan), first);
}

}  // namespace linnet::detail
