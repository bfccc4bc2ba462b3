#include "linnet/data/transforms/int_to_float.h"

#include <memory>
#include <utility>
#include <vector>

#include "linnet/data/transforms/normalize.h"
#include "linnet/data/transforms/pixel_table.h"

namespace linnet {

namespace {

torch::Tensor divided(const torch::Tensor& bytes) { return bytes.to(torch::kFloat) / 255.0; }

// What `change` makes of pictures, which treats all pixels of a channel alike: of bytes, which have
// 256 values only, in one pass over the pixels, with the same bits.
template <class Change>
torch::Tensor by_value(const torch::Tensor& pixels, const Change& change) {
  const bool bytes = pixels.is_cpu() && pixels.scalar_type() == torch::kByte && pixels.dim() == 4;
  if (!bytes) return change(pixels);
  const auto values = torch::arange(256, torch::kByte).view({1, 1, 256, 1});
  const auto table = change(values.expand({1, pixels.size(1), 256, 1}));
  return detail::through_table(pixels, table.view({pixels.size(1), 256}).contiguous());
}

template <class Change>
void convert(std::vector<Column>& columns, const Change& change) {
  for (Column& column : columns) {
    if (column.kind == Kind::image) column.data = by_value(column.data, change);
    if (column.kind == Kind::mask) column.data = column.data.to(torch::kLong);
  }
}

/** What IntToFloat and Normalize do one after another. */
class NormalizedPixels final : public BatchTransformImpl {
 public:
  explicit NormalizedPixels(std::shared_ptr<const Normalize> normalize)
      : normalize_(std::move(normalize)) {}

  std::string_view name() const override { return "normalized_pixels"; }

  void apply(Batch& batch, Split, Generator&) const override {
    convert(batch.x, [&](const auto& pixels) { return normalize_->normalized(divided(pixels)); });
    convert(batch.y, divided);
  }

 private:
  std::shared_ptr<const Normalize> normalize_;
};

}  // namespace

void IntToFloat::apply(Batch& batch, Split, Generator&) const {
  convert(batch.x, divided);
  convert(batch.y, divided);
}

std::optional<JoinedTransforms> IntToFloat::join(const std::vector<BatchTransformPtr>& run) const {
  if (run.size() < 2) return std::nullopt;
  auto normalize = std::dynamic_pointer_cast<const Normalize>(run[1]);
  if (normalize == nullptr) return std::nullopt;
  return JoinedTransforms{std::make_shared<NormalizedPixels>(std::move(normalize)), 2};
}

const Registered<BatchTransformEntry> int_to_float_entry{
    {"int_to_float", [](const Json&) -> BatchTransform { return IntToFloat(); }}};

}  // namespace linnet
