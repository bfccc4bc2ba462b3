#include "linnet/data/blocks/regression.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/data/blocks/numbers.h"
#include "linnet/nn/losses/regression.h"

namespace linnet {

namespace {

constexpr const char* kRegressionWhere = "RegressionBlock";

}  // namespace

RegressionBlock::RegressionBlock(std::optional<int64_t> n_out) : n_out_(n_out) {
  if (n_out_ && *n_out_ < 1) {
    throw UsageError(kRegressionWhere, fmt::format("n_out: got {}, expected 1 or more", *n_out_));
  }
}

Json RegressionBlock::config() const { return n_out_ ? Json{{"n_out", *n_out_}} : Json::object(); }

std::shared_ptr<const BlockImpl> RegressionBlock::setup(
    const std::vector<Value>& train_sources) const {
  if (n_out_ || train_sources.empty()) return nullptr;
  const auto first = detail::numbers_of(train_sources[0], kRegressionWhere);
  return std::make_shared<RegressionBlock>(static_cast<int64_t>(first.size()));
}

Value RegressionBlock::encode(const Value& source) const {
  const auto numbers = detail::numbers_of(source, kRegressionWhere);
  if (static_cast<int64_t>(numbers.size()) != c()) {
    throw DataError(
        kRegressionWhere,
        fmt::format("got {} numbers, expected {} as in the first item", numbers.size(), c()));
  }
  const auto tensor = torch::tensor(numbers, torch::kFloat);
  return c() == 1 ? tensor[0] : tensor;
}

std::optional<Loss> RegressionBlock::loss() const { return losses::mse(); }

int64_t RegressionBlock::c() const {
  if (n_out_) return *n_out_;
  throw UsageError(kRegressionWhere,
                   "has not seen any data: say how many numbers an item has, "
                   "RegressionBlock(1), say");
}

Label RegressionBlock::decode(const torch::Tensor& prediction) const {
  return detail::label_of_numbers(prediction);
}

const Registered<BlockEntry> regression_block_entry{{"regression", [](const Json& config) -> Block {
                                                       if (!config.contains("n_out"))
                                                         return RegressionBlock();
                                                       return RegressionBlock(
                                                           config.at("n_out").as_int());
                                                     }}};

}  // namespace linnet
