#include <torch/nn/modules/conv.h>

#include "linnet/app/model_use.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/media/encode.h"
#include "linnet/nn/stack.h"
#include "support/expect_error.h"

// What kinds of models that are given one picture do alike.
namespace linnet {
namespace {

namespace nn = torch::nn;

/** Two classes of a pixel, or of the picture, from one grey channel alone. */
struct OfGreyImpl : nn::Module {
  explicit OfGreyImpl(bool of_picture)
      : whole(of_picture), conv(register_module("conv", nn::Conv2d(1, 2, 1))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    const auto scores = conv(x);
    return whole ? scores.mean({2, 3}) : scores;
  }
  bool whole;
  nn::Conv2d conv;
};
TORCH_MODULE(OfGrey);

Learner grey_learner(const std::string& kind) {
  const bool masks = kind == "unet";
  const ImageBlock pictures({.grey = true, .exif_orientation = false});
  CategoryBlock categories({.vocab = std::vector<Label>{"cat", "dog"}});
  const MaskBlock mask({"cat", "dog"});
  const Block target = masks ? Block(mask) : Block(categories);
  const Value answer = masks ? Value(Image(4, 6, 1)) : Value(Label("cat"));
  const Dataset items({{Value(Image(4, 6, 1)), answer}});
  Pipeline pipeline({.blocks = {pictures, target}});
  Learner learn(DataLoaders(items, items, std::move(pipeline), {.bs = 1, .workers = 0}),
                OfGrey(!masks));
  learn.set_reporter(silent_reporter());
  learn.model_config = Json{{"kind", kind}};
  return learn;
}

FormInput colour_picture() {
  const auto png = encode_image(Image(4, 6, 3));
  FormInput input;
  input.files["picture"] = {reinterpret_cast<const char*>(png.data()), png.size()};
  return input;
}

class APictureModel : public testing::TestWithParam<std::string> {};

TEST_P(APictureModel, ReadsFormsAsItsOwnBlockReadsFiles) {
  const Learner learn = grey_learner(GetParam());
  const ModelUse& use = use_of(learn, "test");
  ASSERT_EQ(use.form(learn).size(), 1U);
  const auto answers = use.answers(learn, {colour_picture(), colour_picture()});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_TRUE(answers[0].contains("label"));
  EXPECT_EQ(answers[0], answers[1]);
}

TEST(ASegmentationModel, PaintsTheClassesOfAGreyPicture) {
  const Learner learn = grey_learner("unet");
  const Image shown = use_of(learn, "test").explanation(learn, colour_picture(), {}, {});
  EXPECT_EQ(shown.height(), 4);
  EXPECT_EQ(shown.width(), 6);
  EXPECT_EQ(shown.channels(), 3);
}

TEST_P(APictureModel, MissesAPictureAndRefusesWhatIsNone) {
  const Learner learn = grey_learner(GetParam());
  const ModelUse& use = use_of(learn, "test");
  test::expect_error<UsageError>([&] { use.answers(learn, {FormInput()}); },
                                 {"[predict] the picture is missing"});
  FormInput text;
  text.files["picture"] = "no picture";
  test::expect_error<DataError>([&] { use.answers(learn, {text}); }, {"picture"});
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, APictureModel, testing::Values("vision", "unet"));

}  // namespace
}  // namespace linnet
