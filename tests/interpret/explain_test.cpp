#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>

#include "linnet/interpret/explain.h"

#include <gtest/gtest.h>

#include <cmath>

#include "linnet/core/error.h"
#include "linnet/data/blocks/image.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/nn/stack.h"
#include "support/colour_learner.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

constexpr int64_t kRow = 9, kColumn = 30;

Image red_dot() { return test::picture_of({.row = kRow, .column = kColumn}); }

// The scores: 2000 times the mean of the channel, which one pixel of 24 x 40 has.
double red_probability() { return 1 / (1 + std::exp(-2000.0 / (24 * 40))); }

TEST(Explain, PointsToTheDotByEveryMethod) {
  const auto learn = test::colour_learner();
  for (const std::string& name : explain_method_names()) {
    const auto found = explain(
        learn, red_dot(), {.method = explain_method(name), .occlusion = {.size = 3, .stride = 1}});
    EXPECT_EQ(found.predicted, "red") << name;
    EXPECT_EQ(found.label, "red") << name;
    EXPECT_NEAR(found.probability, red_probability(), 1e-5) << name;
    ASSERT_EQ(found.map.sizes(), (torch::IntArrayRef{24, 40})) << name;
    EXPECT_NEAR(found.map.max().item<double>(), found.map[kRow][kColumn].item<double>(), 1e-6);
    EXPECT_GT(found.map[kRow][kColumn].item<double>(), found.map[2][2].item<double>() + 0.01);
    EXPECT_EQ(found.picture, red_dot()) << name;
    // Red there, blue elsewhere.
    EXPECT_GT(found.overlay.at(kRow, kColumn, 0), found.overlay.at(kRow, kColumn, 2)) << name;
    EXPECT_LT(found.overlay.at(2, 2, 0), found.overlay.at(2, 2, 2)) << name;
    EXPECT_EQ(found.lines.empty(), name != "guided-grad-cam");
    if (found.lines.empty()) continue;
    EXPECT_EQ(found.lines.at(2, 2, 0), 128);
  }
}

TEST(Explain, TellsWhatSpeaksForAnotherLabel) {
  const auto learn = test::colour_learner();
  const auto found = explain(learn, red_dot(), {.label = "blue"});
  EXPECT_EQ(found.predicted, "red");
  EXPECT_EQ(found.label, "blue");
  EXPECT_NEAR(found.probability, 1 - red_probability(), 1e-5);
  EXPECT_EQ(found.map.abs().max().item<double>(), 0) << "nothing in a red dot is blue";
}

TEST(Explain, DrawsPictureAndMapUnderTheirLabels) {
  const auto learn = test::colour_learner();
  const Image drawn = explain(learn, red_dot()).drawn();
  EXPECT_EQ(drawn.width(), 8 + 2 * (224 + 8));
  EXPECT_EQ(drawn.height(), 8 + 224 + 24 + 8);
  const Image guided =
      explain(learn, red_dot(), {.method = ExplainMethod::guided_grad_cam}).drawn();
  EXPECT_EQ(guided.width(), 8 + 3 * (224 + 8));
}

// The same network for other targets.
Learner learner_for(const Block& target) {
  const Pipeline pipeline({.blocks = {ImageBlock(), target}});
  const auto parts = test::colour_learner().network().module().children();
  namespace nn = torch::nn;
  Stack head(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions(1)), nn::Flatten(),
             nn::Linear(3, target->c()));
  return Learner(DataLoaders::without_data(pipeline),
                 Stack(Stack(std::dynamic_pointer_cast<StackImpl>(parts[0])), head));
}

TEST(Explain, ExplainsOneNumberAsItIs) {
  const auto learn = learner_for(RegressionBlock(1));
  const auto found = explain(learn, red_dot());
  EXPECT_EQ(found.label, "");
  EXPECT_NEAR(found.probability, learn.predict(red_dot()).probs.item<double>(), 1e-6);
  expect_error<UsageError>([&] { explain(learn, red_dot(), {.label = "red"}); },
                           {"label: got 'red'", "gives a number"});
}

TEST(Explain, SaysWhatIsWrong) {
  const auto learn = test::colour_learner();
  expect_error<UsageError>([&] { explain(learn, red_dot(), {.label = "rad"}); },
                           {"[explain]", "unknown label 'rad'", "Did you mean red"});
  expect_error<UsageError>([] { explain_method("grad-cm"); }, {"grad-cam"});
  expect_error<DataError>([&] { explain(learn, std::filesystem::path("nowhere.jpg")); },
                          {"nowhere.jpg"});
  const auto numbers = learner_for(RegressionBlock(2));
  expect_error<UsageError>([&] { explain(numbers, red_dot()); }, {"targets of kind 'number'"});
  learn.network().module().train();
  expect_error<UsageError>([&] { explain(learn, red_dot()); }, {"training mode"});
}

}  // namespace
}  // namespace linnet
