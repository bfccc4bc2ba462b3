#include "linnet/interpret/interpretation.h"

#include <gtest/gtest.h>

#include <limits>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "support/expect_error.h"
#include "support/synth_images.h"
#include "support/synth_learner.h"

namespace linnet {
namespace {

using test::expect_error;

Predictions predictions(std::vector<double> losses, std::vector<int64_t> targets,
                        std::vector<int64_t> decoded) {
  const auto n = static_cast<int64_t>(losses.size());
  return {.preds = torch::full({n, 2}, 0.5),
          .targets = torch::tensor(targets),
          .inputs = {},
          .decoded = torch::tensor(decoded),
          .losses = torch::tensor(losses)};
}

ClassificationInterpretation some() {
  return {Interpretation(predictions({2, 1, 2, 3}, {0, 0, 1, 1}, {1, 0, 1, 0})), {"a", "b"}};
}

TEST(Interpretation, KeepsItemsOfEqualLossInTheirOrder) {
  const Interpretation interp(predictions({2, 1, 2, 3}, {0, 0, 0, 0}, {0, 0, 0, 0}));
  EXPECT_TRUE(interp.top_losses().indices.equal(torch::tensor({3, 0, 2, 1}, torch::kLong)));
  EXPECT_TRUE(interp.top_losses(2, false).indices.equal(torch::tensor({1, 0}, torch::kLong)));
  EXPECT_EQ(interp.top_losses(100).losses.numel(), 4);
  expect_error<UsageError>([&] { interp.top_losses(-1); }, {"[top_losses] k: got -1"});
}

TEST(Interpretation, PutsALossThatIsNoNumberFirst) {
  const Interpretation interp(
      predictions({2, std::numeric_limits<double>::quiet_NaN(), 9}, {0, 0, 0}, {0, 0, 0}));
  EXPECT_EQ(interp.top_losses(1).indices[0].item<int64_t>(), 1);
}

TEST(Interpretation, TakesTargetsOfAnyKind) {
  const auto learn = test::synth_learner();
  const auto interp = Interpretation::from_learner(learn);
  EXPECT_EQ(interp.size(), 16);
  EXPECT_EQ(interp.items().size(), 0) << "finished tensors have no sources";
  EXPECT_EQ(interp.top_losses(3).indices.numel(), 3);
}

TEST(Interpretation, KnowsTheItemsInTheirOrder) {
  const auto learn = test::synth_image_learner({}, {.train = 9, .valid = 6, .classes = 3});
  const auto interp = ClassificationInterpretation::from_learner(learn);
  EXPECT_EQ(interp.items().size(), 6);
  EXPECT_EQ(interp.vocab().size(), 3U);
  // The training loader shuffles and leaves items out: here they all are, in order.
  const auto training = ClassificationInterpretation::from_learner(learn, learn.dls().train());
  EXPECT_EQ(training.size(), 9);
  EXPECT_TRUE(training.targets().equal(torch::arange(9) % 3));
  EXPECT_EQ(training.confusion_matrix().sum().item<int64_t>(), 9);
}

TEST(Interpretation, SaysWhatItCannotInterpret) {
  Predictions unlabelled{.preds = torch::zeros({2, 2}),
                         .targets = {},
                         .inputs = {},
                         .decoded = torch::zeros({2}),
                         .losses = {}};
  expect_error<UsageError>([&] { const Interpretation interp(unlabelled); },
                           {"[Interpretation]", "without targets", "labels"});
  auto short_of_losses = predictions({1, 2}, {0, 0}, {0, 0});
  short_of_losses.losses = torch::zeros({1});
  expect_error<UsageError>([&] { const Interpretation interp(short_of_losses); },
                           {"got 2 predictions, 2 targets, 1 losses"});
}

TEST(ClassificationInterpretation, CountsMistakesByPair) {
  const auto interp = some();
  EXPECT_TRUE(interp.confusion_matrix().equal(torch::tensor({{1, 1}, {1, 1}}, torch::kLong)));
  const auto confused = interp.most_confused();
  ASSERT_EQ(confused.size(), 2U);
  EXPECT_EQ(confused[0].actual, Label("a"));
  EXPECT_EQ(confused[0].predicted, Label("b"));
  EXPECT_TRUE(interp.most_confused(2).empty());
  expect_error<UsageError>([&] { (void)interp.most_confused(0); }, {"min_val: got 0"});
  EXPECT_EQ(interp.report().accuracy, 0.5);
}

TEST(ClassificationInterpretation, WantsOneClassAnItem) {
  auto several = predictions({1, 1}, {0, 0}, {0, 0});
  several.targets = torch::zeros({2, 2});
  expect_error<UsageError>(
      [&] {
        ClassificationInterpretation(Interpretation(several), {"a", "b"});
      },
      {"[ClassificationInterpretation]", "2x2", "one class number an item"});
  expect_error<UsageError>(
      [] {
        ClassificationInterpretation(Interpretation(predictions({1}, {2}, {0})), {"a", "b"});
      },
      {"class number beyond 0 to 1"});
}

TEST(ClassificationReport, IsATableOfText) {
  const auto lines = split(classification_report(some().report()), '\n');
  EXPECT_EQ(lines.at(0), "              precision    recall  f1-score   support");
  EXPECT_EQ(lines.at(2), "           a       0.50      0.50      0.50         2");
  EXPECT_EQ(lines.at(5), "    accuracy                           0.50         4");
}

}  // namespace
}  // namespace linnet
