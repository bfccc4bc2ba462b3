#include <gtest/gtest.h>

#include <cstdlib>

#include "linnet/data/transform.h"

// What every item transform promises, for each row of the registry.
namespace linnet {
namespace {

/** Whatever a row needs to be made; the rest has defaults. */
ItemTransform make(const ItemTransformEntry& entry) {
  return entry.make(Json{{"size", Json::array(std::vector<int64_t>{30, 24})}, {"max_size", 35}});
}

constexpr int64_t kHeight = 50;
constexpr int64_t kWidth = 60;
constexpr int64_t kStep = 4;

/** A picture and two masks that say of each pixel where it is: red and the first mask across, green
 * and the second down. */
Sample placed_sample() {
  Image image(kHeight, kWidth, 3);
  Image across(kHeight, kWidth, 1);
  Image down(kHeight, kWidth, 1);
  for (int64_t y = 0; y < kHeight; ++y) {
    for (int64_t x = 0; x < kWidth; ++x) {
      across.at(y, x) = image.at(y, x, 0) = static_cast<uint8_t>(kStep * x);
      down.at(y, x) = image.at(y, x, 1) = static_cast<uint8_t>(kStep * y);
    }
  }
  return {{Kind::image, image},
          {Kind::mask, across},
          {Kind::mask, down},
          {Kind::category, int64_t{3}},
          {Kind::number, 0.5}};
}

/** Pixels as int64 [height, width, channels], whether still a picture or already a tensor. */
torch::Tensor pixels_of(const Element& element) {
  if (const Image* image = std::get_if<Image>(&element.value)) {
    return torch::from_blob(const_cast<uint8_t*>(image->data()),
                            {image->height(), image->width(), image->channels()}, torch::kByte)
        .to(torch::kLong);
  }
  const auto tensor = std::get<torch::Tensor>(element.value).to(torch::kLong);
  return tensor.dim() == 3 ? tensor.permute({1, 2, 0}) : tensor.unsqueeze(2);
}

Sample applied(const ItemTransform& transform, Split split, uint64_t key) {
  Sample sample = placed_sample();
  Generator random({key});
  transform->apply(sample, split, random);
  return sample;
}

bool equal(const Sample& a, const Sample& b) {
  for (size_t i = 0; i < 3; ++i) {
    if (!pixels_of(a[i]).equal(pixels_of(b[i]))) return false;
  }
  return true;
}

TEST(EveryItemTransform, IsRegistered) {
  EXPECT_GE(registry<ItemTransformEntry>().rows().size(), 8U);
}

TEST(EveryItemTransform, IsRebuiltFromItsNameAndConfig) {
  for (const ItemTransformEntry& entry : registry<ItemTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const ItemTransform transform = make(entry);
    EXPECT_EQ(transform->name(), entry.name);
    const Json saved = Json::parse(to_json(ItemTransforms{transform}).dump());
    const ItemTransforms again = item_transforms_from_json(saved);
    ASSERT_EQ(again.size(), 1U);
    const ItemTransform& rebuilt = *again.begin();
    EXPECT_EQ(rebuilt->config(), transform->config());
    EXPECT_EQ(rebuilt->order(), transform->order());
    for (uint64_t key = 0; key < 4; ++key) {
      EXPECT_TRUE(
          equal(applied(rebuilt, Split::train, key), applied(transform, Split::train, key)));
    }
  }
}

TEST(EveryItemTransform, GivesTheSameForTheSameKey) {
  for (const ItemTransformEntry& entry : registry<ItemTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const ItemTransform transform = make(entry);
    for (uint64_t key = 0; key < 4; ++key) {
      EXPECT_TRUE(
          equal(applied(transform, Split::train, key), applied(transform, Split::train, key)));
    }
  }
}

TEST(EveryItemTransform, DrawsNothingOutsideTraining) {
  for (const ItemTransformEntry& entry : registry<ItemTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const ItemTransform transform = make(entry);
    for (uint64_t key = 1; key < 6; ++key) {
      EXPECT_TRUE(
          equal(applied(transform, Split::valid, 0), applied(transform, Split::valid, key)));
    }
  }
}

TEST(EveryItemTransform, KeepsPicturesAndMasksTogether) {
  constexpr int64_t kNear = 2 * kStep;  // nearest and bilinear differ by up to two pixels
  for (const ItemTransformEntry& entry : registry<ItemTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const ItemTransform transform = make(entry);
    for (const Split split : {Split::train, Split::valid}) {
      for (uint64_t key = 0; key < 10; ++key) {
        const Sample sample = applied(transform, split, key);
        const auto image = pixels_of(sample[0]);
        for (const int64_t i : {0, 1}) {
          const auto mask = pixels_of(sample[static_cast<size_t>(i) + 1]).select(2, 0);
          ASSERT_EQ(mask.sizes(), image.select(2, i).sizes());
          EXPECT_LE((mask - image.select(2, i)).abs().max().item<int64_t>(), kNear);
        }
      }
    }
  }
}

TEST(EveryItemTransform, LeavesWhatIsNoPictureAlone) {
  for (const ItemTransformEntry& entry : registry<ItemTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const Sample sample = applied(make(entry), Split::train, 1);
    ASSERT_EQ(sample.size(), 5U);
    EXPECT_EQ(std::get<int64_t>(sample[3].value), 3);
    EXPECT_EQ(std::get<double>(sample[4].value), 0.5);
    Sample without = {{Kind::text, std::string("word")}};
    Generator random({1});
    make(entry)->apply(without, Split::train, random);
    EXPECT_EQ(std::get<std::string>(without[0].value), "word");
  }
}

}  // namespace
}  // namespace linnet
