#include <torch/utils.h>

#include "linnet/train/predictor.h"

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
class PreparedPredictorTest : public testing::Test {
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

std::unique_ptr<test::TempDir> PreparedPredictorTest::dir;

TEST_F(PreparedPredictorTest, PredictsAsThePlainNetwork) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::float32);
  EXPECT_FALSE(plain.predictor().is_prepared());
  ASSERT_TRUE(fast.predictor().is_prepared());
  for (int64_t n = 0; n < 4; ++n) {
    const Image picture = synth_image(kImages, n);
    const auto [label, index, probs] = plain.predict(picture);
    const auto found = fast.predict(picture);
    EXPECT_EQ(found.label, label);
    EXPECT_EQ(found.index, index);
    EXPECT_TRUE(found.probs.allclose(probs, 1e-5, 1e-6));
  }
}

TEST_F(PreparedPredictorTest, PredictsWholeLoadersToo) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::float32);
  const auto dls = test::synth_images(kImages);
  EXPECT_TRUE(fast.get_preds(dls.valid(), {.act = false})
                  .preds.allclose(plain.get_preds(dls.valid(), {.act = false}).preds, 1e-5, 1e-5));
  EXPECT_TRUE(fast.tta(dls.valid()).preds.allclose(plain.tta(dls.valid()).preds, 1e-5, 1e-6));
  auto batch = *dls.valid().stream(0)->next();
  EXPECT_TRUE(fast.pred_batch(batch).allclose(plain.pred_batch(batch), 1e-5, 1e-6));
}

TEST_F(PreparedPredictorTest, ComputesInBfloat16WhenAsked) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::bfloat16);
  const auto dls = test::synth_images(kImages);
  const auto expected = plain.get_preds(dls.valid()).preds;
  const auto preds = fast.get_preds(dls.valid()).preds;
  EXPECT_EQ(preds.scalar_type(), torch::kFloat);
  EXPECT_FALSE(preds.equal(expected));
  EXPECT_LT((preds - expected).abs().max().item<double>(), 0.02);
}

TEST_F(PreparedPredictorTest, AnswersManyThreads) {
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

TEST_F(PreparedPredictorTest, LeavesThePlainNetworkForAllElse) {
  const Learner plain = loaded(std::nullopt), fast = loaded(Precision::bfloat16);
  fast.export_to(*dir / "again.safetensors");
  plain.export_to(*dir / "plain.safetensors");
  EXPECT_EQ(file_text(*dir / "again.safetensors", "test"),
            file_text(*dir / "plain.safetensors", "test"));
  const Image picture = synth_image(kImages, 1);
  EXPECT_EQ(explain(fast, picture).overlay, explain(plain, picture).overlay);
  EXPECT_EQ(explain(fast, picture).probability, explain(plain, picture).probability);
}

TEST_F(PreparedPredictorTest, ValidatesButDoesNotTrain) {
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

TEST_F(PreparedPredictorTest, IsMadeAnewAfterATraining) {
  Learner learn = loaded(std::nullopt);
  learn.set_dls(test::synth_images(kImages));
  learn.fit(1);
  const auto plain = learn.predict(synth_image(kImages, 0)).probs;
  learn.prepare_for_prediction();
  learn.prepare_for_prediction();
  EXPECT_TRUE(learn.predict(synth_image(kImages, 0)).probs.allclose(plain, 1e-5, 1e-6));
}

TEST_F(PreparedPredictorTest, SaysWhatDoesNotFitAsThePlainNetworkDoes) {
  const Learner fast = loaded(Precision::float32);
  const Batch wrong{{{Kind::image, torch::rand({2, 5, 32, 32})}}, {}, {}};
  expect_error<UsageError>([&] { fast.pred_batch(wrong); },
                           {"the model does not take inputs [2, 5, 32, 32]"});
}

TEST_F(PreparedPredictorTest, RefusesFloat16) {
  expect_error<UsageError>([] { loaded(Precision::float16); },
                           {"[Predictor::prepared]", "got float16"});
}

TEST(PreparedPredictorOfOwnModels, IsThePlainOne) {
  struct Own : torch::nn::Module {
    torch::Tensor forward(const torch::Tensor& x) { return x.mean({2, 3}); }
  };
  Learner learn(test::synth_images(kImages), std::make_shared<Own>(), {});
  learn.prepare_for_prediction(Precision::bfloat16);
  EXPECT_FALSE(learn.predictor().is_prepared());
}

TEST_F(PreparedPredictorTest, OfAFilePredictsWithoutALearner) {
  const Predictor fast = load_predictor(file()), plain = load_predictor(file(), std::nullopt);
  EXPECT_TRUE(fast.is_prepared());
  EXPECT_FALSE(plain.is_prepared());
  const Image picture = synth_image(kImages, 0);
  const auto [label, index, probs] = plain.predict(picture);
  EXPECT_EQ(label, loaded(std::nullopt).predict(picture).label);
  EXPECT_TRUE(fast.predict(picture).probs.allclose(probs, 1e-5, 1e-6));
}

TEST_F(PreparedPredictorTest, PredictsSeveralAtOnceAsOneByOne) {
  const Predictor predictor = load_predictor(file(), std::nullopt);
  std::vector<Value> pictures;
  for (int64_t n = 0; n < 5; ++n) pictures.emplace_back(synth_image(kImages, n));
  const auto together = predictor.predict_all(pictures);
  ASSERT_EQ(together.size(), pictures.size());
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto [label, index, probs] = predictor.predict(pictures[i]);
    EXPECT_EQ(together[i].label, label);
    EXPECT_EQ(together[i].index, index);
    EXPECT_TRUE(together[i].probs.allclose(probs, 1e-5, 1e-6));
  }
  EXPECT_TRUE(predictor.predict_all({}).empty());
}

TEST_F(PreparedPredictorTest, RefusesAnotherNumberOfInputs) {
  const Image picture = synth_image(kImages, 0);
  expect_error<UsageError>(
      [&] {
        load_predictor(file()).predict_inputs({picture, picture});
      },
      {"[Predictor::predict]", "got 2 sources for a model of 1 inputs", "predict_inputs"});
}

TEST(LentPredictor, ShowsWhatIsLearnedAndRefusesDuringAFit) {
  Learner learn = test::synth_image_learner();
  const Predictor lent = learn.predictor();
  const Image picture = synth_image({}, 0);
  const auto before = lent.predict(picture).probs;
  struct Asks : Callback {
    explicit Asks(std::function<void()> what) : ask(std::move(what)) {}
    void before_batch(Learner&) override { ask(); }
    std::function<void()> ask;
  };
  int refused = 0;
  learn.fit(2, {.callbacks = {std::make_shared<Asks>([&] {
                  expect_error<UsageError>([&] { lent.predict(picture); }, {"a fit is under way"});
                  ++refused;
                })}});
  EXPECT_GT(refused, 0);
  EXPECT_FALSE(lent.predict(picture).probs.equal(before));
  EXPECT_TRUE(lent.predict(picture).probs.equal(learn.predict(picture).probs));
}

}  // namespace
}  // namespace linnet
