#include "linnet/data/blocks/tensor.h"

#include "linnet/core/error.h"
#include "linnet/data/blocks/numbers.h"

namespace linnet {

Json TensorBlock::config() const { return c_ ? Json{{"c", *c_}} : Json::object(); }

Value TensorBlock::encode(const Value& source) const {
  if (std::holds_alternative<torch::Tensor>(source)) return source;
  if (const auto* number = std::get_if<double>(&source))
    return torch::tensor(*number, torch::kFloat);
  if (const auto* number = std::get_if<int64_t>(&source))
    return torch::tensor(*number, torch::kLong);
  const bool one = std::holds_alternative<Label>(source) && !std::get<Label>(source).is_list();
  const auto tensor = torch::tensor(detail::numbers_of(source, "TensorBlock"), torch::kFloat);
  return one ? tensor[0] : tensor;
}

int64_t TensorBlock::c() const {
  if (c_) return *c_;
  throw UsageError("TensorBlock",
                   "does not say how many outputs a model needs for it: TensorBlock(2), say");
}

Label TensorBlock::decode(const torch::Tensor& prediction) const {
  return detail::label_of_numbers(prediction);
}

const Registered<BlockEntry> tensor_block_entry{{"tensor", [](const Json& config) -> Block {
                                                   if (!config.contains("c")) return TensorBlock();
                                                   return TensorBlock(config.at("c").as_int());
                                                 }}};

}  // namespace linnet
