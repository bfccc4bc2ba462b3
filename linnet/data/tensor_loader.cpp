#include "linnet/data/tensor_loader.h"

#include <fmt/format.h>

#include <utility>

#include "linnet/core/error.h"
#include "linnet/data/gather.h"

namespace linnet {

TensorLoader::TensorLoader(std::vector<torch::Tensor> x, std::vector<torch::Tensor> y,
                           LoaderOptions options)
    : x_(std::move(x)), y_(std::move(y)), options_(std::move(options)) {
  options_.check();
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

int64_t TensorLoader::batches() const { return options_.batches_of(x_[0].size(0)); }
int64_t TensorLoader::items() const { return options_.items_of(x_[0].size(0)); }

std::shared_ptr<const DataLoader> TensorLoader::in_order(std::optional<Split>) const {
  if (options_.is_ordered()) return nullptr;
  return std::make_shared<TensorLoader>(x_, y_, options_.ordered(options_.split));
}

std::unique_ptr<BatchStream> TensorLoader::stream_from(int64_t epoch, int64_t first) const {
  auto all = std::make_shared<Batch>();
  for (const auto& tensor : x_) all->x.push_back({Kind::tensor, tensor});
  for (const auto& tensor : y_) all->y.push_back({Kind::tensor, tensor});
  return detail::gather(std::move(all), options_.device,
                        plan_batches(x_[0].size(0), options_, epoch), first);
}

}  // namespace linnet
