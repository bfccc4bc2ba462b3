#include "support/slices_loader.h"

#include <numeric>

namespace linnet::test {

namespace {

class SlicesStream final : public BatchStream {
 public:
  SlicesStream(torch::Tensor x, torch::Tensor y, std::vector<int64_t> sizes)
      : x_(std::move(x)), y_(std::move(y)), sizes_(std::move(sizes)) {}

  std::optional<Batch> next() override {
    if (next_ == sizes_.size()) return std::nullopt;
    const int64_t size = sizes_[next_++];
    Batch batch;
    batch.x.push_back({Kind::tensor, x_.slice(0, begin_, begin_ + size)});
    if (y_.defined()) batch.y.push_back({Kind::tensor, y_.slice(0, begin_, begin_ + size)});
    batch.items.resize(static_cast<size_t>(size));
    std::iota(batch.items.begin(), batch.items.end(), begin_);
    begin_ += size;
    return batch;
  }

 private:
  torch::Tensor x_;
  torch::Tensor y_;
  std::vector<int64_t> sizes_;
  size_t next_ = 0;
  int64_t begin_ = 0;
};

}  // namespace

SlicesLoader::SlicesLoader(torch::Tensor x, torch::Tensor y, std::vector<int64_t> batch_sizes)
    : x_(std::move(x)), y_(std::move(y)), sizes_(std::move(batch_sizes)) {}

int64_t SlicesLoader::items() const {
  return std::accumulate(sizes_.begin(), sizes_.end(), int64_t{0});
}

std::unique_ptr<BatchStream> SlicesLoader::stream(int64_t) const {
  return std::make_unique<SlicesStream>(x_, y_, sizes_);
}

std::shared_ptr<const DataLoader> slices(const torch::Tensor& x, const torch::Tensor& y,
                                         const std::vector<int64_t>& batch_sizes) {
  return std::make_shared<SlicesLoader>(x, y, batch_sizes);
}

}  // namespace linnet::test
