// What the item transforms draw, where points go, and what is refused; that pixels are right is
// golden_resize_test's.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "linnet/core/error.h"
#include "linnet/vision/transforms/crop_pad.h"
#include "linnet/vision/transforms/dihedral_item.h"
#include "linnet/vision/transforms/flip_item.h"
#include "linnet/vision/transforms/random_crop.h"
#include "linnet/vision/transforms/random_resized_crop.h"
#include "linnet/vision/transforms/ratio_resize.h"
#include "linnet/vision/transforms/resize.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

/** Red says how far to the right a pixel is, green how far down: 4 levels a pixel. */
Image placed(int64_t height, int64_t width) {
  Image image(height, width, 3);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      image.at(y, x, 0) = static_cast<uint8_t>(4 * x);
      image.at(y, x, 1) = static_cast<uint8_t>(4 * y);
    }
  }
  return image;
}

Image applied(const ItemTransform& transform, const Image& image, Split split, uint64_t key = 1) {
  Sample sample = {{Kind::image, image}};
  Generator random({key});
  transform->apply(sample, split, random);
  return std::get<Image>(sample[0].value);
}

ImageSize size_of(const Image& image) { return {image.height(), image.width()}; }

// ---- sizes

TEST(Resize, TakesASideOrHeightAndWidthAndOptions) {
  const Image image = placed(40, 60);
  EXPECT_EQ(size_of(applied(Resize(24), image, Split::train)), (ImageSize{24, 24}));
  EXPECT_EQ(size_of(applied(Resize({10, 20}), image, Split::valid)), (ImageSize{10, 20}));
  const ItemTransforms several = {Resize(16, {.method = ResizeMethod::squish}), FlipItem()};
  EXPECT_EQ(several.size(), 2U);
  const ItemTransforms one = Resize({8, 9}, {.method = ResizeMethod::pad,
                                             .pad_mode = PadMode::zeros,
                                             .resamples = {.image = Filter::bicubic}});
  EXPECT_EQ(one.size(), 1U);
}

TEST(Resize, TakesTheMiddleOutsideTrainingAndADrawnPartWithin) {
  const Image image = placed(20, 60);  // as high as wanted: a part of 20 columns is taken
  const Image middle = applied(Resize(20), image, Split::valid);
  EXPECT_EQ(middle, crop(image, {0, 20, 20, 20}));
  std::set<int> starts;
  for (uint64_t key = 0; key < 200; ++key) {
    const Image part = applied(Resize(20), image, Split::train, key);
    const int64_t start = part.at(0, 0, 0) / 4;
    EXPECT_EQ(part, crop(image, {0, start, 20, 20}));
    starts.insert(static_cast<int>(start));
  }
  EXPECT_GT(starts.size(), 30U);  // of the 40 there are
  EXPECT_LT(*starts.rbegin(), 40);
}

TEST(Resize, HandlesPicturesOfAnyShape) {
  for (const ImageSize& shape :
       {ImageSize{1, 1}, ImageSize{1, 50}, ImageSize{50, 1}, ImageSize{2, 60}, ImageSize{7, 3}}) {
    for (const ResizeMethod method :
         {ResizeMethod::crop, ResizeMethod::pad, ResizeMethod::squish}) {
      for (const ImageSize& size : {ImageSize{1, 1}, ImageSize{30, 1}, ImageSize{24, 24}}) {
        for (const Split split : {Split::train, Split::valid}) {
          const Resize resize(size, {.method = method});
          EXPECT_EQ(size_of(applied(resize, placed(shape.height, shape.width), split)), size);
        }
      }
    }
  }
}

TEST(Resize, TreatsPicturesOfDifferentSizeByTheSameDraw) {
  Sample sample = {{Kind::image, placed(20, 60)}, {Kind::image, placed(10, 30)}};
  Generator random({5});
  Resize(20).apply(sample, Split::train, random);
  const int64_t large = std::get<Image>(sample[0].value).at(0, 0, 0) / 4;
  const int64_t small = std::get<Image>(sample[1].value).at(0, 0, 0) / 4;
  EXPECT_NEAR(static_cast<double>(large), static_cast<double>(2 * small), 2);
  EXPECT_EQ(size_of(std::get<Image>(sample[1].value)), (ImageSize{20, 20}));
}

TEST(RandomCrop, DrawsEveryPlaceAndPadsSmallPictures) {
  const Image image = placed(6, 8);
  std::set<std::pair<int, int>> places;
  for (uint64_t key = 0; key < 300; ++key) {
    const Image part = applied(RandomCrop({5, 6}), image, Split::train, key);
    ASSERT_EQ(size_of(part), (ImageSize{5, 6}));
    places.insert({part.at(0, 0, 1) / 4, part.at(0, 0, 0) / 4});
  }
  EXPECT_EQ(places.size(), 6U);  // 2 down, 3 across

  std::set<int64_t> margins;  // as fastai: 1 to 3, never 0
  const Image white = [] {
    Image filled(4, 4, 1);
    std::fill(filled.data(), filled.data() + filled.bytes(), uint8_t{255});
    return filled;
  }();
  for (uint64_t key = 0; key < 100; ++key) {
    const Image padded = applied(RandomCrop({4, 7}), white, Split::train, key);
    int64_t margin = 0;
    while (padded.at(0, margin) == 0) ++margin;
    margins.insert(margin);
  }
  EXPECT_EQ(margins, (std::set<int64_t>{1, 2, 3}));
}

TEST(RandomResizedCrop, DrawsPartsWithinItsScalesAndRatios) {
  const RandomResizedCrop crop(8, {.min_scale = 0.2, .max_scale = 0.6});
  const ImageSize picture{300, 400};
  double smallest = 1;
  double largest = 0;
  std::set<int64_t> tops;
  for (uint64_t key = 0; key < 2000; ++key) {
    Generator random({key});
    const Box box = crop.draw_box(picture, random);
    EXPECT_TRUE(box.top >= 0 && box.left >= 0 && box.top + box.height <= picture.height &&
                box.left + box.width <= picture.width);
    const double ratio = static_cast<double>(box.width) / static_cast<double>(box.height);
    EXPECT_GT(ratio, 0.75 * 0.98);  // whole pixels
    EXPECT_LT(ratio, 4.0 / 3.0 * 1.02);
    const double scale = static_cast<double>(box.width * box.height) / (300.0 * 400.0);
    smallest = std::min(smallest, scale);
    largest = std::max(largest, scale);
    tops.insert(box.top);
  }
  EXPECT_NEAR(smallest, 0.2, 0.02);
  EXPECT_NEAR(largest, 0.6, 0.02);
  EXPECT_GT(tops.size(), 100U);
}

TEST(RandomResizedCrop, TakesTheMiddleWhereNoDrawFits) {
  Generator random({1});
  // A strip cannot hold the area asked for in these shapes: the largest allowed part of the middle.
  const RandomResizedCrop crop(8, {.min_scale = 0.9});
  EXPECT_EQ(crop.draw_box({10, 100}, random), (Box{0, 43, 10, 13}));  // int(10 * 4 / 3) = 13
  EXPECT_EQ(crop.draw_box({100, 10}, random), (Box{43, 0, 13, 10}));  // int(10 / 0.75) = 13
}

TEST(RatioResize, KeepsTheShapeAndAtLeastAPixel) {
  EXPECT_EQ(size_of(applied(RatioResize(30), placed(40, 60), Split::train)), (ImageSize{20, 30}));
  EXPECT_EQ(size_of(applied(RatioResize(30), placed(60, 40), Split::valid)), (ImageSize{30, 20}));
  EXPECT_EQ(size_of(applied(RatioResize(10), placed(2, 60), Split::valid)), (ImageSize{1, 10}));
}

// ---- flips

TEST(FlipItem, FlipsItsShareAndOnlyInTraining) {
  const Image image = placed(3, 5);
  int flipped = 0;
  for (uint64_t key = 0; key < 1000; ++key) {
    const Image result = applied(FlipItem(0.3), image, Split::train, key);
    flipped += result == flip_lr(image);
    EXPECT_TRUE(result == image || result == flip_lr(image));
    EXPECT_EQ(applied(FlipItem(1), image, Split::valid, key), image);
  }
  EXPECT_NEAR(flipped, 300, 60);  // 4 deviations
  EXPECT_EQ(applied(FlipItem(1), image, Split::train), flip_lr(image));
  EXPECT_EQ(applied(FlipItem(0), image, Split::train), image);
}

TEST(DihedralItem, DrawsAllEightWays) {
  const Image image = placed(3, 5);
  std::array<int, 8> seen{};
  for (uint64_t key = 0; key < 1600; ++key) {
    const Image result = applied(DihedralItem(), image, Split::train, key);
    for (size_t k = 0; k < 8; ++k) seen[k] += result == dihedral(image, static_cast<int64_t>(k));
  }
  for (const int count : seen) EXPECT_NEAR(count, 200, 60);
}

// ---- points

struct Case {
  std::string_view name;
  ItemTransform transform;
};

TEST(ItemTransforms, MovePointsWithThePicture) {
  const int64_t height = 40;
  const int64_t width = 60;
  const std::vector<Case> cases = {
      {"crop", Resize({25, 20})},
      {"pad", Resize({90, 80}, {.method = ResizeMethod::pad, .pad_mode = PadMode::zeros})},
      {"squish", Resize({33, 71}, {.method = ResizeMethod::squish})},
      {"crop_pad", CropPad({50, 30})},
      {"random_crop", RandomCrop({31, 45})},
      {"random_resized_crop", RandomResizedCrop(40)},
      {"ratio_resize", RatioResize(48)},
      {"flip_item", FlipItem()},
      {"dihedral_item", DihedralItem()}};
  // Middles of the pixels (row, column) (12, 25), (20, 30) and (30, 45): 2 (x + 0.5) / width - 1
  const auto pixels = torch::tensor({25.5, 12.5, 30.5, 20.5, 45.5, 30.5}).view({3, 2});
  const auto size = torch::tensor({static_cast<double>(width), static_cast<double>(height)});
  const auto points = (pixels * 2 / size - 1).to(torch::kFloat);
  for (const auto& [name, transform] : cases) {
    for (const Split split : {Split::train, Split::valid}) {
      for (uint64_t key = 0; key < 8; ++key) {
        SCOPED_TRACE(name);
        Sample sample = {{Kind::image, placed(height, width)}, {Kind::points, points}};
        Generator random({key});
        transform->apply(sample, split, random);
        const Image& image = std::get<Image>(sample[0].value);
        const auto& moved = std::get<torch::Tensor>(sample[1].value);
        EXPECT_EQ(moved.dtype(), torch::kFloat);
        for (int64_t i = 0; i < 3; ++i) {
          const auto at = [&](int64_t axis, int64_t sides) {
            const double place = moved[i][axis].item<double>();
            return static_cast<int64_t>(std::floor((place + 1) / 2 * static_cast<double>(sides)));
          };
          const int64_t x = at(0, image.width());
          const int64_t y = at(1, image.height());
          if (x < 0 || y < 0 || x >= image.width() || y >= image.height()) continue;  // cropped
          EXPECT_NEAR(image.at(y, x, 0), 4 * (pixels[i][0].item<double>() - 0.5), 7);
          EXPECT_NEAR(image.at(y, x, 1), 4 * (pixels[i][1].item<double>() - 0.5), 7);
        }
      }
    }
  }
}

// By hand: of 10 x 10 pixels the middle 5 x 5 is taken from pixel 2: x = 7 becomes 5 of 5.
TEST(ItemTransforms, MovePointsExactly) {
  Sample sample = {{Kind::image, placed(10, 10)},
                   {Kind::points, torch::tensor({0.4F, -1.0F}).view({1, 2})}};
  Generator random({1});
  CropPad(5).apply(sample, Split::valid, random);
  const auto moved = std::get<torch::Tensor>(sample[1].value);
  EXPECT_NEAR(moved[0][0].item<double>(), 1.0, 1e-6);
  EXPECT_NEAR(moved[0][1].item<double>(), -1.8, 1e-6);  // out of sight
}

// ---- what is refused

TEST(ItemTransforms, RefuseWhatCannotBe) {
  expect_error<UsageError>([] { Resize(0); }, {"[Resize]", "height 0", "1 or more"});
  expect_error<UsageError>([] { Resize({5, -1}); }, {"[Resize]", "width -1"});
  expect_error<UsageError>([] { CropPad(0); }, {"[CropPad]"});
  expect_error<UsageError>([] { RandomCrop(-3); }, {"[RandomCrop]"});
  expect_error<UsageError>([] { RatioResize(0); }, {"[RatioResize]"});
  expect_error<UsageError>([] { FlipItem(1.5); }, {"[FlipItem]", "got 1.5", "0 to 1"});
  expect_error<UsageError>([] { DihedralItem(-0.1); }, {"[DihedralItem]"});
  expect_error<UsageError>([] { RandomResizedCrop(0); }, {"[RandomResizedCrop]", "size"});
  expect_error<UsageError>([] { RandomResizedCrop(8, {.min_scale = 0}); }, {"min_scale", "got 0"});
  expect_error<UsageError>([] { RandomResizedCrop(8, {.max_scale = 1.2}); }, {"up to 1"});
  expect_error<UsageError>([] { RandomResizedCrop(8, {.min_ratio = 2}); }, {"min_ratio"});
  expect_error<UsageError>([] { RandomResizedCrop(8, {.val_xtra = -1}); }, {"val_xtra"});
}

TEST(ItemTransforms, SayWhatIsWrongInAStoredForm) {
  const auto make = [](const Json& config) {
    return registry<ItemTransformEntry>().at("resize").make(config);
  };
  expect_error<DataError>([&] { make(Json{{"method", "pad"}}); }, {"size"});
  expect_error<DataError>(
      [&] {
        make(Json{{"size", Json::array(std::vector<int>{1, 2, 3})}});
      },
      {"3 numbers", "height and width"});
  expect_error<UsageError>(
      [&] {
        make(Json{{"size", 8}, {"method", "squash"}});
      },
      {"unknown resize method 'squash'", "squish"});
  expect_error<UsageError>(
      [&] {
        make(Json{{"size", 8}, {"pad_mode", "reflect"}});
      },
      {"pad mode", "reflection"});
}

}  // namespace
}  // namespace linnet
