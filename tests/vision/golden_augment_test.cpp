#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>

#include "linnet/data/transforms/int_to_float.h"
#include "linnet/data/transforms/normalize.h"
#include "linnet/io/hash.h"
#include "linnet/vision/augment/aug_transforms.h"
#include "linnet/vision/augment/coords.h"
#include "linnet/vision/augment/hsv.h"
#include "linnet/vision/augment/lighting.h"
#include "linnet/vision/augment/matrices.h"
#include "linnet/vision/transforms/brightness.h"
#include "linnet/vision/transforms/contrast.h"
#include "linnet/vision/transforms/hue.h"
#include "linnet/vision/transforms/random_resized_crop_gpu.h"
#include "linnet/vision/transforms/saturation.h"
#include "support/golden.h"

// fastai's draws handed to our maths: every case of the topic `augment`.
namespace linnet {
namespace {

using test::Golden;
using test::golden_tensor;

Batch golden_batch(std::vector<Column> x, std::vector<Column> y = {}) {
  return {std::move(x), std::move(y), {}};
}

torch::Tensor numbers(const Json& json) { return torch::tensor(json.as_doubles(), torch::kDouble); }

OutputSize size_of(const Json* size) {
  if (size == nullptr || size->is_null()) return {};
  if (size->is_int()) return size->as_int();
  return {size->as_ints().at(0), size->as_ints().at(1)};
}

Sampling sampling_of(const Json& inputs) {
  Sampling sampling{.size = size_of(inputs.find("size"))};
  if (const Json* mode = inputs.find("mode")) {
    sampling.mode = mode->as_string() == "nearest" ? SampleMode::nearest : SampleMode::bilinear;
  }
  if (const Json* mode = inputs.find("pad_mode")) {
    const std::string& name = mode->as_string();
    sampling.pad_mode = name == "zeros"    ? PadMode::zeros
                        : name == "border" ? PadMode::border
                                           : PadMode::reflection;
  }
  if (const Json* align = inputs.find("align_corners")) sampling.align_corners = align->as_bool();
  return sampling;
}

/** The matrix, or the perspective, of a case with one transform. */
void add_one(CoordPlan& plan, const Json& inputs) {
  const std::string& name = inputs.at("tfm").as_string();
  const auto draw = [&](const char* key) { return numbers(inputs.at(key)); };
  if (name == "Flip") plan.affine = flip_mat(draw("draw"));
  if (name == "Dihedral") plan.affine = dihedral_mat(draw("draw").to(torch::kLong));
  if (name == "Rotate") plan.affine = rotate_mat(draw("draw_degrees"));
  if (name == "Zoom") plan.affine = zoom_mat(draw("draw"), draw("draw_x"), draw("draw_y"));
  if (name == "Warp") plan.perspective = warp_mat(draw("draw_x"), draw("draw_y"));
}

/** Flip, rotate, zoom and warp together. */
void add_all(CoordPlan& plan, const Json& draws) {
  const auto draw = [&](const char* key) { return numbers(draws.at(key)); };
  plan.affine = flip_mat(draw("flip"))
                    .matmul(rotate_mat(draw("rotate_degrees")))
                    .matmul(zoom_mat(draw("zoom"), draw("zoom_x"), draw("zoom_y")));
  plan.perspective = warp_mat(draw("warp_x"), draw("warp_y"));
}

class GoldenAugment : public ::testing::Test {
 protected:
  void SetUp() override {
    golden_.emplace("augment");
    images_ = golden_tensor(golden_->file().at("images"));
  }

  CoordPlan plan(const Json& inputs) const {
    CoordPlan plan{.items = images_.size(0),
                   .input = {images_.size(2), images_.size(3)},
                   .affine = identity_map(images_.size(0)),
                   .perspective = identity_map(images_.size(0)),
                   .sampling = sampling_of(inputs)};
    if (const Json* draws = inputs.find("draws")) {
      if (inputs.find("split") == nullptr || inputs.at("split").as_string() == "train") {
        add_all(plan, *draws);
      }
    } else {
      add_one(plan, inputs);
    }
    return plan;
  }

  void expect_image(const torch::Tensor& actual, const Json& wanted, const std::string& what,
                    SampleMode mode = SampleMode::bilinear) const {
    if (mode == SampleMode::nearest) return expect_nearest(actual, wanted, what);
    const auto expected = golden_tensor(wanted);
    test::expect_close(actual, expected, golden_->abs("image_bilinear"), 0, what);
    const Json& bounds = golden_->file().at("tolerance").at("image_bilinear");
    EXPECT_LE((actual - expected).abs().mean().item<double>(), bounds.at("mean_abs").as_double())
        << what;
  }

  void expect_nearest(const torch::Tensor& actual, const Json& wanted,
                      const std::string& what) const {
    const auto expected = golden_tensor(wanted);
    ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
    EXPECT_LE(
        actual.ne(expected.to(actual.scalar_type())).to(torch::kDouble).mean().item<double>(),
        golden_->file().at("tolerance").at("nearest").at("max_fraction_different").as_double())
        << what;
  }

  void expect_light(const torch::Tensor& actual, const Json& wanted,
                    const std::string& what) const {
    test::expect_close(actual, golden_tensor(wanted), golden_->abs("lighting"), 0, what);
  }

  void expect_mat(const CoordPlan& plan, const Json& wanted, const std::string& what) const {
    test::expect_close(for_aspect(plan.affine, plan.input.height, plan.input.width).narrow(1, 0, 2),
                       golden_tensor(wanted.at("mat")), golden_->abs("mat"), 0, what + " mat");
  }

  void expect_coords(const CoordPlan& plan, const Json& wanted, const std::string& what) const {
    const Json* coords = wanted.find("coords");
    if (coords == nullptr) return;
    const auto grid = coordinate_grid(map_of(plan), plan.sampling.size.or_else(plan.input),
                                      plan.sampling.align_corners, torch::kCPU);
    test::expect_close(grid, golden_tensor(*coords), golden_->abs("coords"), 0, what + " coords");
  }

  torch::Tensor moved(const CoordPlan& plan) const {
    Batch batch = golden_batch({{Kind::image, images_}});
    apply_plan(plan, batch);
    return batch.x[0].data;
  }

  std::optional<Golden> golden_;
  torch::Tensor images_;
};

bool is_one_of(const Json& inputs, std::initializer_list<std::string_view> names) {
  const Json* name = inputs.find("tfm");
  return name != nullptr &&
         std::find(names.begin(), names.end(), std::string_view(name->as_string())) != names.end();
}

TEST_F(GoldenAugment, MovesPixelsAsEachTransformDoes) {
  int seen = 0;
  for (const Json* c : golden_->cases()) {
    const Json& inputs = c->at("inputs");
    const std::string& name = c->at("name").as_string();
    if (!is_one_of(inputs, {"Flip", "Dihedral", "Rotate", "Zoom", "Warp"})) continue;
    if (name.starts_with("multi")) continue;
    const CoordPlan planned = plan(inputs);
    expect_mat(planned, c->at("expected"), name);
    expect_coords(planned, c->at("expected"), name);
    expect_image(moved(planned), c->at("expected").at("out"), name, planned.sampling.mode);
    ++seen;
  }
  EXPECT_GE(seen, 1);
}

TEST_F(GoldenAugment, FindsThePerspective) {
  for (const Json* c : golden_->cases("warp")) {
    const auto x = numbers(c->at("inputs").at("draw_x"));
    const auto y = numbers(c->at("inputs").at("draw_y"));
    const auto eight = [](const torch::Tensor& map) {
      return (map / map.select(1, 2).select(1, 2).view({-1, 1, 1}))
          .reshape({-1, 9})
          .narrow(1, 0, 8);
    };
    const Json& wanted = c->at("expected");
    test::expect_close(eight(warp_mat(x, y)), golden_tensor(wanted.at("coeffs")),
                       golden_->abs("coords"), 0, "coeffs");
    test::expect_close(eight(torch::linalg_inv(warp_mat(x, y))),
                       golden_tensor(wanted.at("coeffs_inverse")), golden_->abs("coords"), 0,
                       "coeffs_inverse");
  }
}

TEST_F(GoldenAugment, ChangesLight) {
  const Brightness brightness;
  const Contrast contrast;
  const Saturation saturation;
  const std::pair<std::string, const Lighting*> transforms[] = {
      {"brightness", &brightness}, {"contrast", &contrast}, {"saturation", &saturation}};
  for (const auto& [name, transform] : transforms) {
    for (const Json* c : golden_->cases(name)) {
      const auto draw = numbers(c->at("inputs").at("draw"));
      expect_light(relight(images_, {transform}, {draw}), c->at("expected").at("out"), name);
    }
  }
  for (const Json* c : golden_->cases("hue")) {
    const auto draw = numbers(c->at("inputs").at("draw"));
    expect_light(turn_hue(images_, draw), c->at("expected").at("out"), "hue");
  }
}

TEST_F(GoldenAugment, GoesToLogitsAndHsvAndBack) {
  for (const Json* c : golden_->cases("logit")) {
    const auto logits = logits_of(golden_tensor(c->at("inputs").at("x")));
    expect_light(logits, c->at("expected").at("logit"), "logit");
    expect_light(logits.sigmoid(), c->at("expected").at("sigmoid_of_logit"), "sigmoid");
  }
  for (const Json* c : golden_->cases("rgb_hsv")) {
    expect_light(rgb_to_hsv(images_), c->at("expected").at("hsv"), "hsv");
    expect_light(hsv_to_rgb(golden_tensor(c->at("expected").at("hsv"))),
                 c->at("expected").at("back"), "rgb");
  }
}

TEST_F(GoldenAugment, ComposesGeometryAndLight) {
  for (const Json* c : golden_->cases("compose")) {
    const Json& inputs = c->at("inputs");
    const std::string& name = c->at("name").as_string();
    const CoordPlan planned = plan(inputs);
    expect_mat(planned, c->at("expected"), name);
    expect_coords(planned, c->at("expected"), name);
    const auto out = moved(planned);
    expect_image(out, c->at("expected").at("affine_out"), name);
    const Json* wanted = c->at("expected").find("out");
    if (wanted == nullptr) continue;
    const Brightness brightness;
    const Contrast contrast;
    const Json& draws = inputs.at("draws");
    expect_image(relight(out, {&brightness, &contrast},
                         {numbers(draws.at("brightness")), numbers(draws.at("contrast"))}),
                 *wanted, name + " with light");
  }
}

TEST_F(GoldenAugment, MovesMasksPointsAndBoxesWithThePicture) {
  const auto mask = golden_tensor(golden_->file().at("mask"));
  const auto points = golden_tensor(golden_->file().at("points"));
  const auto boxes = golden_tensor(golden_->file().at("bbox"));
  for (const Json* c : golden_->cases("multi")) {
    const std::string& name = c->at("name").as_string();
    const Json& wanted = c->at("expected");
    const CoordPlan planned = plan(c->at("inputs"));
    expect_mat(planned, wanted, name);
    Batch batch =
        golden_batch({{Kind::image, images_}}, {{Kind::mask, mask}, {Kind::points, points}});
    apply_plan(planned, batch);
    expect_image(batch.x[0].data, wanted.at("image"), name);
    expect_nearest(batch.y[0].data, wanted.at("mask"), name + " mask");
    const double abs = golden_->abs("points");
    test::expect_close(batch.y[1].data, golden_tensor(wanted.at("points")), abs, 0,
                       name + " points");
    if (const Json* moved_boxes = wanted.find("bbox")) {
      test::expect_close(map_boxes(boxes, map_of(planned)), golden_tensor(*moved_boxes), abs, 0,
                         name + " boxes");
    }
  }
}

TEST_F(GoldenAugment, CropsOnTheDevice) {
  for (const Json* c : golden_->cases("rrc_gpu")) {
    const Json& inputs = c->at("inputs");
    const Json* scale = inputs.find("valid_scale");
    CoordPlan planned = plan(Json{{"tfm", "none"}});
    if (scale != nullptr) {
      const RandomResizedCropGPU crop(size_of(inputs.find("size_hw")),
                                      {.valid_scale = scale->as_double()});
      crop.contribute_valid(planned);
      const Json& wanted = c->at("expected");
      EXPECT_EQ(planned.crop->height, wanted.at("crop_hw").as_ints().at(0));
      EXPECT_EQ(planned.crop->width, wanted.at("crop_hw").as_ints().at(1));
      EXPECT_EQ(planned.crop->top, wanted.at("top_left_yx").as_ints().at(0));
      EXPECT_EQ(planned.crop->left, wanted.at("top_left_yx").as_ints().at(1));
    } else {
      const auto crop = inputs.at("crop_hw").as_ints();
      const auto corner = inputs.at("top_left_yx").as_ints();
      planned.crop = Box{corner.at(0), corner.at(1), crop.at(0), crop.at(1)};
      planned.sampling.size = size_of(inputs.find("size_hw"));
    }
    expect_image(moved(planned), c->at("expected").at("out"), c->at("name").as_string());
  }
}

// One map for a crop and a turn gives what cutting out first would, where no pixel is missing.
TEST_F(GoldenAugment, CropsByTheMapAsByCutting) {
  for (const Json* c : golden_->cases("rrc_gpu_train")) {
    const Json& inputs = c->at("inputs");
    const auto crop = inputs.at("crop_hw").as_ints();
    const auto corner = inputs.at("top_left_yx").as_ints();
    CoordPlan planned = plan(Json{{"tfm", "none"}});
    planned.crop = Box{corner.at(0), corner.at(1), crop.at(0), crop.at(1)};
    planned.sampling.size = size_of(inputs.find("size_hw"));
    expect_image(sample_pictures(images_, map_of(planned), planned.sampling),
                 c->at("expected").at("out"), c->at("name").as_string());
  }
}

TEST_F(GoldenAugment, ReordersPixels) {
  for (const Json* c : golden_->cases("dihedral_tensor")) {
    const auto ks = c->at("inputs").at("k").as_ints();
    for (size_t i = 0; i < ks.size(); ++i) {
      const auto out = dihedral(images_, ks[i]).contiguous();
      EXPECT_EQ(out.sizes().vec(), c->at("expected").at("shapes").as_array()[i].as_ints());
      const std::string_view bytes(static_cast<const char*>(out.data_ptr()), out.nbytes());
      EXPECT_EQ(sha256_of(bytes), c->at("expected").at("sha256").as_array()[i].as_string());
    }
  }
}

// On squares the matrix of a symmetry moves pixels and makes none.
TEST_F(GoldenAugment, IsThePixelSymmetryOnSquares) {
  const auto square = images_.narrow(3, 0, images_.size(2)).contiguous();
  for (int64_t k = 0; k < 8; ++k) {
    const auto maps = dihedral_mat(torch::full({square.size(0)}, k, torch::kLong));
    test::expect_close(sample_pictures(square, maps, {}), dihedral(square, k).contiguous(),
                       golden_->abs("image_bilinear"), 0, "symmetry " + std::to_string(k));
  }
}

TEST_F(GoldenAugment, NormalisesAndConvertsBytes) {
  Generator random({1});
  for (const Json* c : golden_->cases("normalize_imagenet")) {
    const Normalize normalize(
        {c->at("inputs").at("mean").as_doubles(), c->at("inputs").at("std").as_doubles()});
    Batch batch = golden_batch({{Kind::image, images_}});
    normalize.apply(batch, Split::train, random);
    test::expect_close(batch.x[0].data, golden_tensor(c->at("expected").at("out")),
                       golden_->abs("normalize"), 0, "normalize");
    test::expect_close(normalize.decode(batch.x[0].data), images_, golden_->abs("normalize"), 0,
                       "decode");
  }
  for (const Json* c : golden_->cases("normalize_from_batch")) {
    const ChannelStats stats = batch_stats(images_);
    const auto vector = [](const Json& entry) { return golden_tensor(entry).flatten(); };
    test::expect_close(torch::tensor(stats.mean), vector(c->at("expected").at("mean")),
                       golden_->abs("normalize"), 0, "mean");
    test::expect_close(torch::tensor(stats.std), vector(c->at("expected").at("std")),
                       golden_->abs("normalize"), 0, "std");
  }
  for (const Json* c : golden_->cases("int_to_float")) {
    Batch batch = golden_batch({{Kind::image, golden_tensor(golden_->file().at("images_u8"))}});
    IntToFloat().apply(batch, Split::train, random);
    test::expect_close(batch.x[0].data, images_, c->at("expected").at("max_abs").as_double(), 0,
                       "bytes");
  }
}

}  // namespace
}  // namespace linnet
