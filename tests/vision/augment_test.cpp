#include <gtest/gtest.h>
#include <torch/utils.h>

#include <ATen/Parallel.h>

#include <cmath>

#include "linnet/core/error.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/item_loader.h"
#include "linnet/data/transforms/normalize.h"
#include "linnet/vision/augment/aug_transforms.h"
#include "linnet/vision/augment/coords.h"
#include "linnet/vision/augment/matrices.h"
#include "linnet/vision/transforms/brightness.h"
#include "linnet/vision/transforms/contrast.h"
#include "linnet/vision/transforms/dihedral.h"
#include "linnet/vision/transforms/flip.h"
#include "linnet/vision/transforms/hue.h"
#include "linnet/vision/transforms/random_erasing.h"
#include "linnet/vision/transforms/random_resized_crop_gpu.h"
#include "linnet/vision/transforms/rotate.h"
#include "linnet/vision/transforms/saturation.h"
#include "linnet/vision/transforms/warp.h"
#include "linnet/vision/transforms/zoom.h"
#include "support/expect_error.h"
#include "support/golden.h"

namespace linnet {
namespace {

using test::expect_close;
using test::expect_error;

torch::Tensor pictures(int64_t n, int64_t channels, int64_t height, int64_t width) {
  torch::manual_seed(7);
  return torch::rand({n, channels, height, width});
}

Batch batch_of(std::vector<Column> x, std::vector<Column> y = {}) {
  return {std::move(x), std::move(y), {}};
}
Batch batch_of(const torch::Tensor& pictures) { return batch_of({{Kind::image, pictures}}); }

/** What the list, joined as in a pipeline, makes of pictures. */
torch::Tensor run(const BatchTransforms& transforms, const torch::Tensor& x,
                  Split split = Split::train, uint64_t seed = 1) {
  Generator random({seed});
  Batch batch = batch_of(x);
  for (const auto& step : joined(transforms)) step->apply(batch, split, random);
  return batch.x[0].data;
}

torch::Tensor run_one_by_one(const BatchTransforms& transforms, const torch::Tensor& x) {
  Generator random({1});
  Batch batch = batch_of(x);
  for (const auto& transform : transforms) transform->apply(batch, Split::train, random);
  return batch.x[0].data;
}

TEST(AugTransforms, JoinIntoOneInterpolationAndOneLightingPass) {
  const auto steps = joined(aug_transforms());
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0]->name(), "joined_coords");
  EXPECT_EQ(steps[1]->name(), "joined_lighting");
  const auto presizing =
      joined(Pipeline({.blocks = {}, .batch_tfms = aug_transforms({.size = 8, .min_scale = 0.75})})
                 .batch_tfms());
  ASSERT_EQ(presizing.size(), 2U) << "the crop joins as well";
}

TEST(AugTransforms, AreTheSameForTheSameSeedOnly) {
  const auto x = pictures(4, 3, 20, 24);
  const auto once = run(aug_transforms({.size = 16}), x, Split::train, 3);
  EXPECT_TRUE(once.equal(run(aug_transforms({.size = 16}), x, Split::train, 3)));
  EXPECT_FALSE(once.equal(run(aug_transforms({.size = 16}), x, Split::train, 4)));
}

TEST(AugTransforms, GiveTheSameBitsOnOneThreadAndOnMany) {
  const auto x = pictures(5, 3, 40, 36);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const auto one = run(aug_transforms({.size = 18}), x);
  at::set_num_threads(3);
  const auto three = run(aug_transforms({.size = 18}), x);
  at::set_num_threads(threads);
  EXPECT_TRUE(one.equal(three));
}

TEST(AugTransforms, LeaveValidationAsItIs) {
  const auto x = pictures(2, 3, 9, 11);
  EXPECT_TRUE(run(aug_transforms(), x, Split::valid).equal(x));
  EXPECT_TRUE(run(aug_transforms({.size = {9, 11}}), x, Split::valid).equal(x));
  EXPECT_EQ(run(aug_transforms({.size = 6}), x, Split::valid).sizes(),
            (std::vector<int64_t>{2, 3, 6, 6}));
  EXPECT_EQ(run(aug_transforms({.size = {6, 7}, .min_scale = 0.5}), x, Split::valid).sizes(),
            (std::vector<int64_t>{2, 3, 6, 7}));
}

TEST(AugTransforms, AtPZeroChangeNothingButRounding) {
  const auto x = pictures(3, 3, 9, 11);
  const auto y = run(aug_transforms({.do_flip = false, .p_affine = 0, .p_lighting = 0}), x);
  expect_close(y, x, 1e-6, 0, "p = 0");  // to the logits and back
}

TEST(AugTransforms, AtPOneChangeEveryItem) {
  const auto x = pictures(16, 3, 12, 12);
  const BatchTransforms each[] = {Rotate({.p = 1}),     Zoom({.p = 1}),       Warp({.p = 1}),
                                  Flip({.p = 1}),       Brightness({.p = 1}), Contrast({.p = 1}),
                                  Saturation({.p = 1}), Hue({.p = 1})};
  for (const auto& transforms : each) {
    const auto change = (run(transforms, x) - x).abs().amax({1, 2, 3});
    EXPECT_GT(change.min().item<double>(), 1e-5) << (*transforms.begin())->name();
  }
}

TEST(AugTransforms, TakeOneChannelAndBatchesOfOne) {
  const auto x = pictures(1, 1, 10, 10);
  const auto transforms = aug_transforms(
      {.xtra_tfms = {Saturation({.p = 1}), Hue({.p = 1}), RandomErasing({.p = 1})}, .size = 8});
  const auto y = run(transforms, x);
  EXPECT_EQ(y.sizes(), (std::vector<int64_t>{1, 1, 8, 8}));
  EXPECT_TRUE(y.isfinite().all().item<bool>());
}

TEST(AugTransforms, KeepTheLayoutInMemory) {
  const auto x = pictures(2, 3, 10, 10).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto y = run(aug_transforms(), x);
  EXPECT_TRUE(y.is_contiguous(torch::MemoryFormat::ChannelsLast));
  expect_close(y.contiguous(), run(aug_transforms(), x.contiguous()), 1e-6, 0, "layouts");
}

TEST(AugTransforms, NeverChangeTheTensorTheyWereGiven) {
  const auto x = pictures(2, 3, 10, 10);
  const auto before = x.clone();
  run(aug_transforms() + RandomErasing({.p = 1}), x);
  EXPECT_TRUE(x.equal(before));
}

TEST(AugTransforms, StayWithinThePicturesRange) {
  const auto y = run(aug_transforms({.mult = 2}), pictures(8, 3, 16, 16).round());
  EXPECT_GE(y.min().item<double>(), 0);
  EXPECT_LE(y.max().item<double>(), 1);
}

TEST(AugTransforms, KeepTheirOrderWithExtraOnes) {
  const auto list = aug_transforms({.xtra_tfms = {Hue(), Saturation()}});
  std::vector<std::string> names;
  for (const auto& transform : list) names.emplace_back(transform->name());
  EXPECT_EQ(names, (std::vector<std::string>{"flip", "warp", "rotate", "zoom", "brightness",
                                             "contrast", "saturation", "hue"}));
}

TEST(AugTransforms, OnlyResizeWhenNothingElseIsAskedFor) {
  const AugOptions nothing{.do_flip = false,
                           .max_rotate = 0,
                           .max_zoom = 1,
                           .max_lighting = 0,
                           .max_warp = 0,
                           .size = 5};
  EXPECT_EQ(run(aug_transforms(nothing), pictures(2, 3, 10, 10)).size(3), 5);
}

TEST(CoordTransforms, JoinedAgreeWithOneByOneOnSmoothSquares) {
  // A slope is interpolated exactly, so that one interpolation and three give the same inside.
  const auto ramp = torch::linspace(0, 1, 33);
  const auto x =
      torch::stack({ramp.expand({33, 33}), ramp.view({33, 1}).expand({33, 33})}).unsqueeze(0);
  const BatchTransforms list = {Rotate({.max_deg = 20, .p = 1}), Zoom({.max_zoom = 1.5, .p = 1})};
  const auto inside = [](const torch::Tensor& y) { return y.narrow(2, 12, 9).narrow(3, 12, 9); };
  expect_close(inside(run(list, x)), inside(run_one_by_one(list, x)), 1e-5, 0, "joined");
}

TEST(CoordTransforms, TakeSizeAndPaddingOfTheFirst) {
  const BatchTransforms list = {Flip({.sampling = {.size = 6}}), Zoom({.sampling = {.size = 9}})};
  EXPECT_EQ(run(list, pictures(1, 3, 12, 12)).size(2), 6);
}

TEST(CoordTransforms, MoveMasksAndPointsWithThePicture) {
  // One bright pixel, its mask and a point on its middle.
  const int64_t n = 8, side = 41;
  auto x = torch::zeros({n, 1, side, side});
  auto mask = torch::zeros({n, side, side}, torch::kLong);
  x.select(2, 14).select(2, 24).fill_(1);
  mask.narrow(1, 13, 3).narrow(2, 23, 3).fill_(2);
  const auto middle = [side](int64_t p) {
    return 2 * static_cast<float>(p) / static_cast<float>(side - 1) - 1;
  };
  const auto point = torch::tensor({middle(24), middle(14)}).view({1, 1, 2}).repeat({n, 1, 1});
  Batch batch = batch_of({{Kind::image, x}}, {{Kind::mask, mask}, {Kind::points, point}});
  Generator random({5});
  for (const auto& step : joined(aug_transforms({.mult = 1.5, .max_zoom = 1.3}))) {
    step->apply(batch, Split::train, random);
  }
  for (int64_t i = 0; i < n; ++i) {
    const auto bright = batch.x[0].data[i][0];
    const int64_t at = bright.argmax().item<int64_t>();
    const auto moved = batch.y[1].data[i][0];
    if (moved.abs().max().item<float>() > 0.95) continue;  // it may leave the picture
    EXPECT_NEAR(moved[0].item<float>(), middle(at % side), 2.1 / side) << i;
    EXPECT_NEAR(moved[1].item<float>(), middle(at / side), 2.1 / side) << i;
    EXPECT_EQ(batch.y[0].data[i][at / side][at % side].item<int64_t>(), 2) << i;
  }
  EXPECT_EQ(batch.y[0].data.scalar_type(), torch::kLong);
}

TEST(CoordTransforms, CropPointsWithThePicture) {
  const auto x = torch::linspace(0, 1, 40).expand({1, 1, 40, 40}).contiguous();
  const auto points = torch::tensor({-0.3F, 0.2F, 0.4F, -0.1F}).view({1, 2, 2});
  const auto at = [](const torch::Tensor& picture, const torch::Tensor& where) {
    return torch::grid_sampler_2d(picture, where.unsqueeze(2), 0, 1, true).flatten();
  };
  int64_t seen = 0;
  for (uint64_t seed = 0; seed < 8; ++seed) {
    Generator random({seed});
    Batch batch = batch_of({{Kind::image, x}}, {{Kind::points, points}});
    RandomResizedCropGPU(20, {.min_scale = 0.4, .max_scale = 0.6})
        .apply(batch, Split::train, random);
    const auto moved = batch.y[0].data;
    const auto inside = moved.abs().le(1).all(2).flatten();
    seen += inside.sum().item<int64_t>();
    expect_close(at(batch.x[0].data, moved).masked_select(inside),
                 at(x, points).masked_select(inside), 0.02, 0, "what lies at the points");
  }
  EXPECT_GT(seen, 4);
}

TEST(CoordTransforms, AverageAreasBeforeTheyShrinkByMoreThanTwo) {
  // Stripes of one pixel: sampling alone would give black or white, averaging grey.
  const auto stripes = (torch::arange(64) % 2).to(torch::kFloat).expand({1, 1, 64, 64});
  const auto y = run(Rotate({.p = 0, .sampling = {.size = 8}}), stripes.contiguous());
  expect_close(y, torch::full({1, 1, 8, 8}, 0.5), 0.01, 0, "grey");
}

TEST(RandomErasing, FillsARectangleOfNoiseInTrainingOnly) {
  const auto x = torch::zeros({3, 3, 32, 32});
  const auto y = run(RandomErasing({.p = 1, .sl = 0.2, .sh = 0.3}), x);
  const double share = y.ne(0).to(torch::kDouble).mean().item<double>();
  EXPECT_GT(share, 0.05);  // a long rectangle may reach beyond the picture
  EXPECT_LT(share, 0.35);
  EXPECT_NEAR(y.masked_select(y.ne(0)).std().item<double>(), 1, 0.15);
  EXPECT_TRUE(run(RandomErasing({.p = 1}), x, Split::valid).equal(x));
  EXPECT_TRUE(run(RandomErasing({.p = 0}), x).equal(x));
}

TEST(RandomErasing, ErasesUpToMaxCountRectanglesThatShareTheArea) {
  const auto x = torch::zeros({1, 1, 64, 64});
  const auto y =
      run(RandomErasing({.p = 1, .sl = 0.3, .sh = 0.3, .min_aspect = 1, .max_count = 6}), x);
  EXPECT_LE(y.ne(0).to(torch::kDouble).mean().item<double>(), 0.33);
}

TEST(AugmentOptions, OutOfTheirRangeAreUsageErrors) {
  expect_error<UsageError>([] { Flip({.p = 1.5}); }, {"[Flip]", "p: got 1.5", "0 to 1"});
  expect_error<UsageError>([] { Dihedral({.p = -1}); }, {"[Dihedral]", "p: got -1", "0 to 1"});
  expect_error<UsageError>([] { Rotate({.max_deg = -3}); }, {"[Rotate]", "max_deg: got -3"});
  expect_error<UsageError>([] { Rotate({.max_deg = NAN}); }, {"[Rotate]", "max_deg"});
  expect_error<UsageError>([] { Zoom({.min_zoom = 2}); }, {"[Zoom]", "got 2 and 1.1"});
  expect_error<UsageError>([] { Zoom({.min_zoom = 0}); }, {"[Zoom]", "more than 0"});
  expect_error<UsageError>([] { Warp({.magnitude = 1}); }, {"[Warp]", "magnitude: got 1"});
  expect_error<UsageError>([] { Brightness({.max_lighting = 1}); }, {"[Brightness]", "got 1"});
  expect_error<UsageError>([] { Contrast({.max_lighting = -0.1}); }, {"[Contrast]", "got -0.1"});
  expect_error<UsageError>([] { Saturation({.p = 2}); }, {"[Saturation]", "p: got 2"});
  expect_error<UsageError>([] { Hue({.max_hue = 1.5}); }, {"[Hue]", "max_hue: got 1.5"});
  expect_error<UsageError>([] { RandomErasing({.sl = 0.5}); },
                           {"[RandomErasing]", "got 0.5 and 0.3"});
  expect_error<UsageError>([] { RandomErasing({.min_aspect = 0}); }, {"min_aspect: got 0"});
  expect_error<UsageError>([] { RandomErasing({.max_count = 0}); }, {"max_count: got 0"});
  expect_error<UsageError>([] { RandomResizedCropGPU({}); },
                           {"[RandomResizedCropGPU]", "got none"});
  expect_error<UsageError>([] { RandomResizedCropGPU(8, {.min_scale = 0}); },
                           {"scale: got 0 to 1"});
  expect_error<UsageError>([] { RandomResizedCropGPU(8, {.valid_scale = 2}); }, {"valid_scale"});
  expect_error<UsageError>([] { OutputSize(-224); }, {"[size]", "got -224 x -224"});
  expect_error<UsageError>([] { aug_transforms({.min_scale = 0.5}); }, {"min_scale needs a size"});
  expect_error<UsageError>([] { aug_transforms({.p_lighting = 7}); }, {"p: got 7"});
  expect_error<UsageError>([] { aug_transforms({.mult = 2, .max_lighting = 0.6}); }, {"got 1.2"});
}

TEST(AugTransforms, ComeBackFromASavedPipeline) {
  const Pipeline pipeline(
      {.blocks = {ImageBlock(), CategoryBlock({.vocab = {"a", "b"}})},
       .batch_tfms = aug_transforms({.max_rotate = 20, .size = 12, .min_scale = 0.5})});
  const auto again = Pipeline::from_config(Json::parse(pipeline.config().dump()));
  EXPECT_EQ(again.config(), pipeline.config());
  const auto bytes = (pictures(3, 3, 16, 16) * 255).to(torch::kByte);
  Batch a = batch_of(bytes), b = batch_of(bytes);
  Generator random_a({9}), random_b({9});
  pipeline.apply_batch_tfms(a, Split::train, random_a);
  again.apply_batch_tfms(b, Split::train, random_b);
  EXPECT_TRUE(a.x[0].data.equal(b.x[0].data));
}

TEST(AugTransforms, TrainOnTheSameBitsWithAnyNumberOfWorkers) {
  std::vector<Dataset::Sources> items;
  for (int i = 0; i < 12; ++i) {
    Image image(10, 10, 3);
    for (int64_t p = 0; p < image.bytes(); ++p) image.data()[p] = static_cast<uint8_t>(p * 7 + i);
    items.push_back({image, Label(i % 2 == 0 ? "a" : "b")});
  }
  const auto pipeline = std::make_shared<const Pipeline>(
      Pipeline::Parts{.blocks = {ImageBlock(), CategoryBlock({.vocab = {"a", "b"}})},
                      .batch_tfms = aug_transforms()});
  const auto pass = [&](int64_t workers, int64_t epoch) {
    const ItemLoader loader(
        Dataset(items), pipeline,
        {.bs = 4, .shuffle = true, .seed = 3, .workers = workers, .split = Split::train});
    std::vector<torch::Tensor> batches;
    const auto stream = loader.stream(epoch);
    while (auto batch = stream->next()) batches.push_back(batch->x[0].data);
    return torch::cat(batches);
  };
  EXPECT_TRUE(pass(0, 1).equal(pass(3, 1)));
  EXPECT_FALSE(pass(0, 1).equal(pass(0, 2)));
}

TEST(GeometricTransforms, SayWhetherAWholePictureStaysWhole) {
  const auto keeps = [](const BatchTransform& transform, int64_t height, int64_t width) {
    return transform->keeps_whole({height, width});
  };
  for (const BatchTransform& transform : aug_transforms()) EXPECT_TRUE(keeps(transform, 30, 50));
  EXPECT_TRUE(keeps(Normalize(ChannelStats{{0.5}, {0.5}}), 30, 50));
  const BatchTransform middle = RandomResizedCropGPU(24, {.valid_scale = 0.5});
  EXPECT_FALSE(keeps(middle, 32, 32));
  const BatchTransform whole = RandomResizedCropGPU(24);
  EXPECT_TRUE(keeps(whole, 32, 32));
  EXPECT_FALSE(keeps(whole, 32, 320)) << "a shape that it does not give";
}

}  // namespace
}  // namespace linnet
