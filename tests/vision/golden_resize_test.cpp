// The item transforms beside fastai 2.7 on Pillow 9.4, equal in every bit. Cases, files, sizes and
// draws come from the golden file.
#include <gtest/gtest.h>

#include "linnet/data/transforms/int_to_float.h"
#include "linnet/data/transforms/to_tensor.h"
#include "linnet/media/decode.h"
#include "linnet/vision/transforms/crop_pad.h"
#include "linnet/vision/transforms/random_crop.h"
#include "linnet/vision/transforms/random_resized_crop.h"
#include "linnet/vision/transforms/ratio_resize.h"
#include "linnet/vision/transforms/resize.h"
#include "support/golden.h"

namespace linnet {
namespace {

using test::Golden;

constexpr EnumNames<ResizeMethod, 3> kMethods{"method", {"crop", "pad", "squish"}};

bool is_mask(const Json& inputs) { return inputs.at("mode").as_string() == "L"; }

Image source(const Json& inputs) {
  return decode_image(test::golden_dir() / inputs.at("file").as_string(),
                      {.mode = is_mask(inputs) ? ImageMode::mask : ImageMode::rgb});
}

ImageSize size_of(const Json& height_width) {
  return {height_width.as_ints().at(0), height_width.as_ints().at(1)};
}

ViewFilters filters_of(const Json& inputs) {
  const Json* resample = inputs.find("resample");
  if (resample == nullptr) return {};
  const Filter filter = detail::kFilters.value(resample->as_string());
  return {.image = filter, .mask = filter};
}

Filter filter_of(const Json& inputs) {
  return is_mask(inputs) ? filters_of(inputs).mask : filters_of(inputs).image;
}

PadMode pad_mode_of(const Json& inputs) {
  return detail::kPadModes.value(inputs.at("pad_mode").as_string());
}

Image applied(const ItemTransform& transform, const Json& inputs) {
  Generator random({1});
  Sample sample = {{is_mask(inputs) ? Kind::mask : Kind::image, source(inputs)}};
  transform->apply(sample, Split::valid, random);
  return std::get<Image>(sample[0].value);
}

Image resized(const Json& inputs) {
  const Resize resize(size_of(inputs.at("size_hw")),
                      {.method = kMethods.value(inputs.at("method").as_string()),
                       .pad_mode = pad_mode_of(inputs),
                       .resamples = filters_of(inputs)});
  if (inputs.at("split").as_string() == "valid") return applied(resize, inputs);
  const auto pcts = inputs.at("pcts").as_doubles();
  const Image image = source(inputs);
  return detail::show(image, resize.view({image.height(), image.width()}, pcts.at(0), pcts.at(1)),
                      filter_of(inputs));
}

Image random_resized(const Json& inputs) {
  const ImageSize size = size_of(inputs.at("size_hw"));
  if (inputs.at("split").as_string() == "train") {
    const auto wh = inputs.at("crop_wh").as_ints();
    const auto xy = inputs.at("top_left_xy").as_ints();
    return detail::show(source(inputs), {{xy.at(1), xy.at(0), wh.at(1), wh.at(0)}, size},
                        filter_of(inputs));
  }
  RandomResizedCropOptions options{.resamples = filters_of(inputs)};
  const Json* kwargs = inputs.find("kwargs");
  if (kwargs != nullptr) {
    options.val_xtra = detail::number_or(*kwargs, "val_xtra", options.val_xtra);
  }
  const RandomResizedCrop crop(size, options);
  const auto intermediate = inputs.at("intermediate_size_wh").as_ints();
  EXPECT_EQ(crop.enlarged_size(), (ImageSize{intermediate.at(1), intermediate.at(0)}));
  return applied(crop, inputs);
}

// Resized to what `turned` is before the turn.
Image resized_and_turned(const Json& inputs, int64_t k, const ImageSize& turned) {
  const bool on_its_side = k == 3 || k >= 5;
  const ImageSize size = on_its_side ? ImageSize{turned.width, turned.height} : turned;
  return dihedral(applied(Resize(size), inputs), k);
}

// How many values differ; all of them when the sizes do.
int64_t differences(const Image& image, const torch::Tensor& expected) {
  if (image.bytes() != expected.numel()) return expected.numel();
  const auto* want = expected.data_ptr<uint8_t>();
  int64_t different = 0;
  for (int64_t i = 0; i < image.bytes(); ++i) different += image.data()[i] != want[i];
  return different;
}

// fastai draws which part of a picture RatioResize keeps where the division leaves a rest
// (docs/differences.md), and the file does not say what was drawn: some place must give its result.
Image ratio_resized(const Json& inputs, const torch::Tensor& expected) {
  const Image middle = applied(RatioResize(inputs.at("max_sz").as_int()), inputs);
  if (differences(middle, expected) == 0) return middle;
  const Image picture = source(inputs);
  const Resize resize(ImageSize{middle.height(), middle.width()});
  for (const double across : {0.0, 0.25, 0.5, 0.75, 0.99}) {
    for (const double down : {0.0, 0.25, 0.5, 0.75, 0.99}) {
      const auto view = resize.view({picture.height(), picture.width()}, across, down);
      Image elsewhere = detail::show(picture, view, filter_of(inputs));
      if (differences(elsewhere, expected) == 0) return elsewhere;
    }
  }
  return middle;
}

// The result of one case.
Image result_of(const Json& inputs, const torch::Tensor& expected) {
  const ImageSize shape{expected.size(0), expected.size(1)};
  const std::string& name = inputs.at("tfm").as_string();
  if (name == "Resize") return resized(inputs);
  if (name == "RandomResizedCrop") return random_resized(inputs);
  if (name == "CropPad")
    return applied(CropPad(size_of(inputs.at("size_hw")), pad_mode_of(inputs)), inputs);
  if (name == "RandomCrop") return applied(RandomCrop(size_of(inputs.at("size_hw"))), inputs);
  if (name == "RatioResize") return ratio_resized(inputs, expected);
  if (name.ends_with("PIL dihedral"))
    return resized_and_turned(inputs, inputs.at("k").as_int(), shape);
  if (name.ends_with("flip_lr")) return resized_and_turned(inputs, 1, shape);
  ADD_FAILURE() << "a transform that this test does not know: " << name;
  return {};
}

TEST(GoldenResize, EqualsEveryItemTransformOfFastaiToTheBit) {
  int64_t count = 0;
  const Golden golden("resize");
  for (const Json* entry : golden.cases()) {
    const Json& inputs = entry->at("inputs");
    const Json* out = entry->at("expected").find("out");
    if (out == nullptr || !inputs.contains("tfm")) continue;  // decoding, or a tensor: see below
    SCOPED_TRACE(entry->at("name").as_string());
    ++count;
    const auto expected = test::golden_tensor(*out);
    const Image image = result_of(inputs, expected);
    const auto size = entry->at("expected").at("size_wh").as_ints();
    ASSERT_EQ((ImageSize{image.height(), image.width()}), (ImageSize{size.at(1), size.at(0)}));
    ASSERT_EQ(image.bytes(), expected.numel());
    EXPECT_EQ(differences(image, expected), 0) << "of " << image.bytes() << " values";
  }
  EXPECT_GE(count, 50);
}

TEST(GoldenResize, LeavesNoCaseOfTheTopicOut) {
  const Golden golden("resize");
  for (const Json* entry : golden.cases()) {
    const std::string& name = entry->at("name").as_string();
    const bool decoding = name.starts_with("decode_") || name.starts_with("grey_") ||
                          name.starts_with("jpeg_") || name.starts_with("png_");
    EXPECT_TRUE(decoding || name.starts_with("to_tensor") || entry->at("expected").contains("out"))
        << name << " is tested nowhere";
  }
}

TEST(GoldenResize, BecomesTheTensorsOfFastai) {
  const Golden golden("resize");
  for (const Json* entry : golden.cases("to_tensor")) {
    SCOPED_TRACE(entry->at("name").as_string());
    const Json& inputs = entry->at("inputs");
    const Json& expected = entry->at("expected");
    const bool mask = is_mask(inputs);
    const auto bytes = test::golden_tensor(expected.at(mask ? "uint8_hw" : "uint8_chw"));
    const Kind kind = mask ? Kind::mask : Kind::image;
    Sample sample = {{kind, source(inputs)}};
    Generator random({1});
    Resize(ImageSize{bytes.size(-2), bytes.size(-1)}).apply(sample, Split::valid, random);
    ToTensor().apply(sample, Split::valid, random);
    const auto tensor = std::get<torch::Tensor>(sample[0].value);
    EXPECT_TRUE(tensor.equal(bytes));
    Batch batch{.x = {{kind, tensor.unsqueeze(0)}}, .y = {}, .items = {0}};
    IntToFloat().apply(batch, Split::valid, random);
    const auto converted = test::golden_tensor(expected.at(mask ? "long_nhw" : "float_nchw"));
    EXPECT_TRUE(batch.x[0].data.equal(converted));
  }
}

}  // namespace
}  // namespace linnet
