#include "linnet/data/blocks/mask.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/vocab.h"
#include "linnet/data/transforms/int_to_float.h"
#include "linnet/data/transforms/to_tensor.h"
#include "linnet/media/decode.h"
#include "linnet/nn/losses/cross_entropy.h"

namespace linnet {

namespace {

constexpr const char* kMaskWhere = "MaskBlock";
constexpr size_t kMostClasses = 256;
constexpr int16_t kNone = -1;

std::vector<int64_t> counted(size_t n) {
  std::vector<int64_t> values(n);
  std::iota(values.begin(), values.end(), 0);
  return values;
}

}  // namespace

int64_t background_class(const std::vector<Label>& codes) {
  constexpr std::array<std::string_view, 4> kNames = {"background", "void", "unlabelled",
                                                      "unlabeled"};
  for (const std::string_view name : kNames) {
    for (size_t i = 0; i < codes.size(); ++i) {
      if (to_lower(codes[i].text()) == name) return static_cast<int64_t>(i);
    }
  }
  return 0;
}

MaskBlock::MaskBlock(std::vector<Label> codes, const MaskBlockOptions& options)
    : codes_(std::move(codes)),
      values_(options.values.empty() ? counted(codes_.size()) : options.values) {
  if (codes_.size() < 2 || codes_.size() > kMostClasses) {
    throw UsageError(kMaskWhere,
                     fmt::format("codes: got {} names, expected 2 to {}, one for each class of a "
                                 "pixel",
                                 codes_.size(), kMostClasses));
  }
  if (values_.size() != codes_.size()) {
    throw UsageError(kMaskWhere,
                     fmt::format("values: got {} numbers, expected {}, one for each code",
                                 values_.size(), codes_.size()));
  }
  class_of_.fill(kNone);
  for (size_t i = 0; i < values_.size(); ++i) {
    const int64_t value = values_[i];
    if (value < 0 || value > 255 || class_of_.at(static_cast<size_t>(value)) != kNone) {
      throw UsageError(kMaskWhere,
                       fmt::format("values: got {}, expected numbers from 0 to 255, each "
                                   "once",
                                   fmt::join(values_, ", ")));
    }
    class_of_.at(static_cast<size_t>(value)) = static_cast<int16_t>(i);
  }
}

Json MaskBlock::config() const {
  Json config{{"codes", detail::to_json(codes_)}};
  if (values_ != counted(codes_.size())) config["values"] = Json::array(values_);
  return config;
}

std::optional<std::filesystem::path> MaskBlock::file_of(const Value& source) {
  if (const auto* path = std::get_if<std::filesystem::path>(&source)) return *path;
  if (const auto* label = std::get_if<Label>(&source); label != nullptr && label->is_text()) {
    return label->text();
  }
  return std::nullopt;
}

Value MaskBlock::encode(const Value& source) const {
  if (const auto* image = std::get_if<Image>(&source)) return classes_of(*image, {});
  const auto path = file_of(source);
  if (!path) {
    throw UsageError(kMaskWhere,
                     "got neither a path nor a picture. Check get_y: it should give "
                     "the mask's path");
  }
  return classes_of(decode_image(*path, {.mode = ImageMode::mask}), *path);
}

Image MaskBlock::classes_of(Image mask, const std::filesystem::path& path) const {
  const auto refuse = [&path](const std::string& what) {
    return path.empty() ? DataError(kMaskWhere, "a mask " + what)
                        : DataError(kMaskWhere, path, what);
  };
  if (mask.channels() != 1) throw refuse("has 3 channels, expected 1 of class numbers");
  for (uint8_t* pixel = mask.data(); pixel != mask.data() + mask.bytes(); ++pixel) {
    const int16_t number = class_of_[*pixel];
    if (number == kNone) {
      const bool usual = values_ == counted(codes_.size());
      throw refuse(fmt::format(
          "has the pixel value {}, expected {}", *pixel,
          usual ? fmt::format("0 to {}: the position of the pixel's class in codes. Other numbers "
                              "for the classes can be told by values.",
                              codes_.size() - 1)
                : fmt::format("one of {}: the number of the pixel's class in values",
                              fmt::join(values_, ", "))));
    }
    *pixel = static_cast<uint8_t>(number);
  }
  return mask;
}

void MaskBlock::check(const Value& source) const {
  if (const auto path = file_of(source)) read_image_info(*path);
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

const Registered<BlockEntry> mask_block_entry{
    {"mask", [](const Json& config) -> Block {
       const Json* values = config.find("values");
       return MaskBlock(detail::labels_from_json(config.at("codes")),
                        {.values = values != nullptr ? values->as_ints() : std::vector<int64_t>{}});
     }}};

}  // namespace linnet
