#include "linnet/data/blocks/mask.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "linnet/core/error.h"
#include "linnet/data/blocks/vocab.h"
#include "linnet/data/transforms/int_to_float.h"
#include "linnet/data/transforms/to_tensor.h"
#include "linnet/media/decode.h"
#include "linnet/nn/losses/cross_entropy.h"

namespace linnet {

MaskBlock::MaskBlock(std::vector<Label> codes) : codes_(std::move(codes)) {
  if (codes_.size() < 2 || codes_.size() > 256) {
    throw UsageError("MaskBlock",
                     fmt::format("codes: got {} names, expected 2 to 256, one for each class of a "
                                 "pixel",
                                 codes_.size()));
  }
}

Json MaskBlock::config() const { return Json{{"codes", detail::to_json(codes_)}}; }

Value MaskBlock::encode(const Value& source) const {
  if (std::holds_alternative<Image>(source)) return source;
  const auto* path = std::get_if<std::filesystem::path>(&source);
  if (path == nullptr) {
    throw UsageError("MaskBlock",
                     "got neither a path nor a picture. Check get_y: it should give "
                     "the mask's path");
  }
  Image mask = decode_image(*path, {.mode = ImageMode::mask});
  const auto largest = *std::max_element(mask.data(), mask.data() + mask.bytes());
  if (largest < codes_.size()) return mask;
  throw DataError("MaskBlock", *path,
                  fmt::format("has the pixel value {}, expected 0 to {}: the position of the "
                              "pixel's class in codes",
                              largest, codes_.size() - 1));
}

void MaskBlock::check(const Value& source) const {
  if (const auto* path = std::get_if<std::filesystem::path>(&source)) read_image_info(*path);
}

ItemTransforms MaskBlock::item_tfms() const { return ToTensor(); }
BatchTransforms MaskBlock::batch_tfms() const { return IntToFloat(); }

std::optional<Loss> MaskBlock::loss() const { return losses::cross_entropy({.axis = 1}); }

Label MaskBlock::decode(const torch::Tensor& prediction) const {
  const auto counts = torch::bincount(prediction.reshape({-1}).to(torch::kLong), {}, c());
  std::vector<size_t> order(codes_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto* pixels = counts.data_ptr<int64_t>();
  std::stable_sort(order.begin(), order.end(),
                   [pixels](size_t a, size_t b) { return pixels[a] > pixels[b]; });
  std::vector<Label> present;
  for (const size_t i : order) {
    if (pixels[i] > 0) present.push_back(codes_[i]);
  }
  return Label::list(std::move(present));
}

const Registered<BlockEntry> mask_block_entry{{"mask", [](const Json& config) -> Block {
                                                 return MaskBlock(
                                                     detail::labels_from_json(config.at("codes")));
                                               }}};

}  // namespace linnet
