#include "linnet/data/blocks/point.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/data/blocks/numbers.h"
#include "linnet/data/transforms/point_scaler.h"
#include "linnet/nn/losses/regression.h"

namespace linnet {

namespace {

constexpr const char* kPointWhere = "PointBlock";

}  // namespace

PointBlock::PointBlock(std::optional<int64_t> points) : points_(points) {
  if (points_ && *points_ < 1) {
    throw UsageError(kPointWhere, fmt::format("points: got {}, expected 1 or more", *points_));
  }
}

Json PointBlock::config() const { return points_ ? Json{{"points", *points_}} : Json::object(); }

std::shared_ptr<const BlockImpl> PointBlock::setup(const std::vector<Value>& train_sources) const {
  if (points_ || train_sources.empty()) return nullptr;
  const auto first = detail::numbers_of(train_sources[0], kPointWhere);
  return std::make_shared<PointBlock>(static_cast<int64_t>(first.size() + 1) / 2);
}

Value PointBlock::encode(const Value& source) const {
  const auto numbers = detail::numbers_of(source, kPointWhere);
  if (static_cast<int64_t>(numbers.size()) != c()) {
    throw DataError(kPointWhere, fmt::format("got {} numbers, expected {}: x and y of {} point(s)",
                                             numbers.size(), c(), c() / 2));
  }
  return torch::tensor(numbers, torch::kFloat).view({-1, 2});
}

ItemTransforms PointBlock::item_tfms() const { return PointScaler(); }

std::optional<Loss> PointBlock::loss() const { return losses::mse(); }

int64_t PointBlock::c() const {
  if (points_) return 2 * *points_;
  throw UsageError(kPointWhere,
                   "has not seen any data: say how many points an item has, "
                   "PointBlock(1), say");
}

Label PointBlock::decode(const torch::Tensor& prediction) const {
  const auto numbers = prediction.to(torch::kFloat).reshape({-1}).contiguous();
  const auto* values = numbers.data_ptr<float>();
  std::vector<Label> points;
  for (int64_t i = 0; i + 1 < numbers.numel(); i += 2) {
    points.push_back(
        Label::list({detail::number_label(values[i]), detail::number_label(values[i + 1])}));
  }
  return Label::list(std::move(points));
}

const Registered<BlockEntry> point_block_entry{{"point", [](const Json& config) -> Block {
                                                  if (!config.contains("points"))
                                                    return PointBlock();
                                                  return PointBlock(config.at("points").as_int());
                                                }}};

}  // namespace linnet
