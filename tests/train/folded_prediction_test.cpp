#include <torch/utils.h>

#include "linnet/train/folded_prediction.h"

#include <gtest/gtest.h>

#include <thread>

#include "linnet/core/error.h"
#include "linnet/interpret/explain.h"
#include "linnet/io/file_text.h"
#include "linnet/models/resnet.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/learner.h"
#include "support/expect_error.h"
#include "support/synth_images.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::synth_image;

const test::SynthImagesOptions kImages{.train = 16, .valid = 8, .size = 32};

// Trained a little, so that its statistics are its own, and saved.
class FoldedPredictionTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<test::TempDir>();
    torch::manual_seed(1);
    Learner learn = vision_learner(test::synth_images(kImages), models::resnet10_slim,
                                   {.weights = Weights::none(), .reporter = &silent_reporter()});
    learn.fit(2);
    learn.export_to(file());
  }
  static void TearDownTestSuite() { dir.reset(); }

  static std::filesystem::path file() { return *dir / "model.safetensors"; }
  static Learner loaded(std::optional<Precision> precision) {
    return load_learner(file(), {.reporter = &silent_reporter(), .for_prediction = precision});
  }

  static std::unique_ptr<test::TempDir> dir;
};

std::unique_ptr<test::TempDir> FoldedPredictionTest::dir;

TEST_F(FoldedPredictionTest, PredictsAsThePlainNetwork) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::float32);
  EXPECT_EQ(FoldedPrediction::of(plain), nullptr);
  ASSERT_NE(FoldedPrediction::of(fast), nullptr);
  for (int64_t n = 0; n < 4; ++n) {
    const Image picture = synth_image(kImages, n);
    const auto [label, index, probs] = plain.predict(picture);
    const auto found = fast.predict(picture);
    EXPECT_EQ(found.label, label);
    EXPECT_EQ(found.index, index);
    EXPECT_TRUE(found.probs.allclose(probs, 1e-5, 1e-6));
  }
}

TEST_F(FoldedPredictionTest, PredictsWholeLoadersToo) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::float32);
  const auto dls = test::synth_images(kImages);
  EXPECT_TRUE(fast.get_preds(dls.valid(), {.act = false})
                  .preds.allclose(plain.get_preds(dls.valid(), {.act = false}).preds, 1e-5, 1e-5));
  EXPECT_TRUE(fast.tta(dls.valid()).preds.allclose(plain.tta(dls.valid()).preds, 1e-5, 1e-6));
  auto batch = *dls.valid().stream(0)->next();
  EXPECT_TRUE(fast.pred_batch(batch).allclose(plain.pred_batch(batch), 1e-5, 1e-6));
}

TEST_F(FoldedPredictionTest, ComputesInBfloat16WhenAsked) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::bfloat16);
  const auto dls = test::synth_images(kImages);
  const auto expected = plain.get_preds(dls.valid()).preds;
  const auto preds = fast.get_preds(dls.valid()).preds;
  EXPECT_EQ(preds.scalar_type(), torch::kFloat);
  EXPECT_FALSE(preds.equal(expected));
  EXPECT_LT((preds - expected).abs().max().item<double>(), 0.02);
}

TEST_F(FoldedPredictionTest, AnswersManyThreads) {
  const Learner fast = loaded(Precision::float32);
  const auto expected = fast.predict(synth_image(kImages, 0)).probs;
  std::vector<int> same(4, 0);
  std::vector<std::thread> threads;
  for (int& count : same) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i)
        count += fast.predict(synth_image(kImages, 0)).probs.allclose(expected, 1e-5, 1e-6) ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : same) EXPECT_EQ(count, 5);
}

TEST_F(FoldedPredictionTest, LeavesThePlainNetworkForAllElse) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::bfloat16);
  fast.export_to(*dir / "again.safetensors");
  plain.export_to(*dir / "plain.safetensors");
  EXPECT_EQ(file_text(*dir / "again.safetensors", "test"),
            file_text(*dir / "plain.safetensors", "test"));
  const Image picture = synth_image(kImages, 1);
  EXPECT_EQ(explain(fast, picture).overlay, explain(plain, picture).overlay);
  EXPECT_EQ(explain(fast, picture).probability, explain(plain, picture).probability);
}

TEST_F(FoldedPredictionTest, ValidatesButDoesNotTrain) {
  Learner fast = loaded(Precision::float32), plain = loaded(std::nullopt);
  for (Learner* learn : {&fast, &plain}) learn->set_dls(test::synth_images(kImages));
  EXPECT_EQ(fast.validate().loss, plain.validate().loss);
  for (const auto& train : std::vector<std::function<void()>>{
           [&] { fast.fit(1); }, [&] { fast.fine_tune(1); }, [&] { fast.lr_find(); }}) {
    expect_error<UsageError>(
        train, {"[Learner::fit]", "prepared for prediction", "load it without for_prediction"});
  }
  expect_error<UsageError>([&] { fast.load("anything"); },
                           {"[Learner::load]", "prepared for prediction"});
  EXPECT_EQ(fast.validate().loss, plain.validate().loss) << "still the same learner";
}

TEST_F(FoldedPredictionTest, IsMadeAnewAfterATraining) {
  Learner learn = loaded(std::nullopt);
  learn.set_dls(test::synth_images(kImages));
  learn.fit(1);
  const auto plain = learn.predict(synth_image(kImages, 0)).probs;
  prepare_for_prediction(learn);
  prepare_for_prediction(learn);
  EXPECT_TRUE(learn.predict(synth_image(kImages, 0)).probs.allclose(plain, 1e-5, 1e-6));
}

TEST_F(FoldedPredictionTest, SaysWhatDoesNotFitAsThePlainNetworkDoes) {
  const Learner fast = loaded(Precision::float32);
  const Batch wrong{{{Kind::image, torch::rand({2, 5, 32, 32})}}, {}, {}};
  expect_error<UsageError>([&] { fast.pred_batch(wrong); },
                           {"the model does not take inputs [2, 5, 32, 32]"});
}

TEST_F(FoldedPredictionTest, RefusesFloat16) {
  expect_error<UsageError>([] { loaded(Precision::float16); },
                           {"[prepare_for_prediction]", "got float16"});
}

TEST(FoldedPredictionOfOwnModels, IsThePlainOne) {
  struct Own : torch::nn::Module {
    torch::Tensor forward(const torch::Tensor& x) { return x.mean({2, 3}); }
  };
  Learner learn(test::synth_images(kImages), std::make_shared<Own>(), {});
  prepare_for_prediction(learn, Precision::bfloat16);
  EXPECT_EQ(FoldedPrediction::of(learn), nullptr);
}

}  // namespace
}  // namespace linnet
