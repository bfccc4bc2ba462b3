#include "linnet/data/transforms/normalize.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

namespace {

torch::Tensor per_channel(const std::vector<double>& values) {
  return torch::tensor(values, torch::kDouble).to(torch::kFloat).view({1, -1, 1, 1});
}

std::vector<double> as_numbers(const torch::Tensor& per_channel) {
  const auto numbers = per_channel.to(torch::kCPU, torch::kDouble).contiguous();
  return {numbers.data_ptr<double>(), numbers.data_ptr<double>() + numbers.numel()};
}

}  // namespace

ChannelStats batch_stats(const torch::Tensor& pictures) {
  if (pictures.dim() != 4 || pictures.numel() < 2 * pictures.size(1)) {
    throw UsageError("batch_stats",
                     "got no batch of pictures [n, channels, height, width] with two "
                     "pixels or more");
  }
  return {as_numbers(pictures.mean({0, 2, 3})),
          as_numbers(pictures.std(at::IntArrayRef({0, 2, 3}), /*unbiased=*/true) + 1e-7)};
}

Normalize::Normalize(ChannelStats stats) : stats_(std::move(stats)) {
  if (stats_.mean.size() != stats_.std.size() || stats_.mean.empty()) {
    throw UsageError("Normalize",
                     fmt::format("got {} means and {} deviations, expected as many of each",
                                 stats_.mean.size(), stats_.std.size()));
  }
  for (const double deviation : stats_.std) {
    if (!(deviation > 0)) {
      throw UsageError("Normalize",
                       fmt::format("deviation: got {}, expected more than 0", deviation));
    }
  }
  mean_ = per_channel(stats_.mean);
  std_ = per_channel(stats_.std);
}

Json Normalize::config() const {
  return Json{{"mean", Json::array(stats_.mean)}, {"std", Json::array(stats_.std)}};
}

void Normalize::apply(Batch& batch, Split, Generator&) const {
  for (Column& column : batch.x) {
    if (column.kind == Kind::image) column.data = normalized(column.data);
  }
}

torch::Tensor Normalize::normalized(const torch::Tensor& pictures) const {
  if (pictures.size(1) != mean_.size(1)) {
    throw UsageError("Normalize", fmt::format("got pictures of {} channels, expected {}",
                                              pictures.size(1), mean_.size(1)));
  }
  return (pictures - mean_.to(pictures.device())).div_(std_.to(pictures.device()));
}

torch::Tensor Normalize::decode(const torch::Tensor& pictures) const {
  return pictures * std_.to(pictures.device()) + mean_.to(pictures.device());
}

const Registered<BatchTransformEntry> normalize_entry{
    {"normalize", [](const Json& config) -> BatchTransform {
       return Normalize({config.at("mean").as_doubles(), config.at("std").as_doubles()});
     }}};

}  // namespace linnet
