#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "linnet/train/learner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "linnet/io/safetensors.h"
#include "linnet/io/weights.h"
#include "linnet/metric/accuracy.h"
#include "linnet/models/resnet.h"
#include "linnet/nn/losses.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/learner.h"
#include "linnet/vision/transforms/resize.h"
#include "support/expect_error.h"
#include "support/pth_writer.h"
#include "support/synth_images.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;

using test::expect_error;
using test::synth_learner;
using test::weights_of;

/** Runs an action at the first training batch. */
struct During final : Callback {
  explicit During(std::function<void(Learner&)> what) : action(std::move(what)) {}
  std::string_view name() const override { return "during"; }
  void before_batch(Learner& learn) override {
    if (learn.state().training && learn.state().iter == 0) action(learn);
  }
  std::function<void(Learner&)> action;
};

void expect_refused(const std::function<void()>& action) {
  expect_error<UsageError>(action, {"a fit is under way on this learner"});
}

TEST(Learner, AnotherThreadIsRefusedDuringAFit) {
  const test::TempDir folder;
  Learner learn = test::synth_image_learner({.path = folder.path()});
  const Image picture = test::synth_image({}, 0);
  int asked = 0;
  const auto during = std::make_shared<During>([&](Learner& l) {
    std::thread([&] {
      expect_refused([&] { l.fit(1); });
      expect_refused([&] { l.fit_one_cycle(1, {.lr_max = 9.0}); });
      expect_refused([&] { l.fine_tune(1); });
      expect_refused([&] { l.lr_find(); });
      expect_refused([&] { l.validate(); });
      expect_refused([&] { l.predict(picture); });
      expect_refused([&] { l.get_preds(); });
      expect_refused([&] { l.tta(); });
      expect_refused([&] { l.freeze(); });
      expect_refused([&] { l.save("model"); });
      expect_refused([&] { l.load("model"); });
      expect_refused([&] { l.summary(); });
      ++asked;
    }).join();
    EXPECT_EQ(l.opt().hyper("lr"), std::vector<double>{1e-3});  // a refused fit changes nothing
  });
  learn.fit(1, {.callbacks = {during}});
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(learn.predict(picture).probs.numel(), 2);  // and now it may
}

TEST(Learner, ACallbackMaySaveAndLoadButNotFitOrPredict) {
  const test::TempDir folder;
  Learner learn = test::synth_image_learner({.path = folder.path()});
  const auto during = std::make_shared<During>([&](Learner& l) {
    l.save("half");
    l.load("half");
    expect_refused([&] { l.fit(1); });
    expect_refused([&] { l.predict(test::synth_image({}, 0)); });
  });
  learn.fit(1, {.callbacks = {during}});
  EXPECT_TRUE(fs::exists(folder / "models" / "half.safetensors"));
}

TEST(Learner, PredictsTheSameFromEightThreads) {
  const Learner learn = test::synth_image_learner();
  std::vector<Image> pictures;
  std::vector<torch::Tensor> serial;
  for (int64_t n = 0; n < 8; ++n) {
    pictures.push_back(test::synth_image({}, n));
    serial.push_back(learn.predict(pictures.back()).probs);
  }
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < pictures.size(); ++i) {
        const size_t n = (i + t) % pictures.size();
        if (learn.predict(pictures[n]).probs.equal(serial[n])) ++right;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 64);
}

TEST(Learner, FitsAndPredictionsOfOtherThreadsNeverMix) {
  Learner learn = test::synth_image_learner({.opt_func = sgd, .lr = 0});  // weights stay
  const Image picture = test::synth_image({}, 1);
  learn.fit(1);
  std::atomic<bool> done = false;
  std::atomic<int> answers = 0, wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      while (!done) {
        try {
          const auto probs = learn.predict(picture).probs;
          if (!(probs.sum().item<float>() > 0.99F)) ++wrong;
          ++answers;
        } catch (const UsageError&) {
          std::this_thread::yield();  // refused: a fit is under way
        }
      }
    });
  }
  for (int i = 0; i < 5; ++i) learn.fit(1);
  while (answers == 0) std::this_thread::yield();
  done = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Learner, MayBeMovedBetweenFits) {
  Learner first = synth_learner();
  first.fit(1);
  Learner second = std::move(first);
  second.fit(1);
  Learner third = synth_learner();
  third = std::move(second);
  third.fit(1);
  Learner plain = synth_learner();
  for (int i = 0; i < 3; ++i) plain.fit(1);
  EXPECT_TRUE(weights_of(third).equal(weights_of(plain)));
  EXPECT_EQ(third.recorder().rows().size(), 1U);
}

TEST(Learner, TheSameSeedGivesTheSameBitsWhateverTheNumberOfLoaderThreads) {
  const auto trained = [](int64_t workers) {
    torch::manual_seed(3);
    Learner learn =
        test::synth_image_learner({}, {.train = 24,
                                       .valid = 8,
                                       .size = 10,
                                       .classes = 3,
                                       .item_tfms = Resize(8),  // a random crop in training
                                       .loader = {.bs = 4, .seed = 5, .workers = workers}});
    learn.fit_one_cycle(2, {.lr_max = 0.01});
    return std::pair(weights_of(learn), learn.recorder().losses());
  };
  const auto once = trained(0);
  for (const int64_t workers : {0, 1, 2, 4}) {
    const auto again = trained(workers);
    EXPECT_TRUE(again.first.equal(once.first)) << workers;
    EXPECT_EQ(again.second, once.second) << workers;
  }
}

TEST(Learner, GoesOnToTheBitAfterSaveAndLoad) {
  const test::TempDir folder;
  Learner straight = synth_learner({.path = folder.path()});
  straight.fit_one_cycle(2);
  straight.save("half");
  straight.fit(1, {.lr = 0.01});

  Learner resumed = synth_learner({.path = folder.path()});
  resumed.load("half");
  resumed.fit(1, {.lr = 0.01});
  EXPECT_TRUE(weights_of(resumed).equal(weights_of(straight)));

  Learner without = synth_learner({.path = folder.path()});
  without.load("half", /*with_opt=*/false);
  without.fit(1, {.lr = 0.01});
  EXPECT_FALSE(weights_of(without).equal(weights_of(straight)));
}

TEST(Learner, LoadsWhatFastaiSaves) {
  const test::TempDir folder;
  const auto a = torch::full({1}, 7.0F), b = torch::full({1}, -1.0F);
  test::write_file(folder / "from_fastai.pth", test::pth_of({{"a", a}, {"b", b}}, "model"));
  Learner learn = synth_learner({.path = folder.path()});
  learn.load((folder / "from_fastai.pth").string());
  EXPECT_EQ(weights_of(learn)[0].item<double>(), 7);
  EXPECT_EQ(weights_of(learn)[1].item<double>(), -1);
}

TEST(Learner, SaysThatItsFolderCannotBeMade) {
  const test::TempDir folder;
  test::write_file(folder / "a_file", "");
  const Learner learn = synth_learner({.path = folder / "a_file"});
  expect_error<IoError>([&] { learn.save("model"); }, {"[Learner::save]", "a_file", "irectory"});
}

TEST(Learner, SaysWhatItCannotLoad) {
  const test::TempDir folder;
  Learner learn = synth_learner({.path = folder.path()});
  expect_error<DataError>([&] { learn.load("nothing"); }, {"nothing", "no such file"});
  Learner other(DataLoaders(test::synth_dls()), torch::nn::Linear(1, 1),
                {.loss = losses::mse(), .path = folder.path()});
  other.save("other");
  const auto before = weights_of(learn);
  expect_error<DataError>([&] { learn.load("other"); },
                          {"other.safetensors", "do not fit the model"});
  EXPECT_TRUE(weights_of(learn).equal(before));
}

class ExportedLearner : public ::testing::Test {
 protected:
  ExportedLearner()
      : learn_(
            vision_learner(test::synth_images({.train = 8, .valid = 4, .size = 32, .classes = 3}),
                           models::resnet18, {.weights = Weights::none()})),
        file_(folder_ / "model.safetensors") {
    learn_.export_to(file_);
  }
  test::TempDir folder_;
  Learner learn_;
  fs::path file_;
};

TEST_F(ExportedLearner, PredictsTheSameBits) {
  const Learner again = load_learner(file_);
  for (int64_t n = 0; n < 3; ++n) {
    const Image picture = test::synth_image({.size = 32, .classes = 3}, n);
    const auto [label, index, probs] = learn_.predict(picture);
    const auto [label_again, index_again, probs_again] = again.predict(picture);
    EXPECT_EQ(label, label_again);
    EXPECT_EQ(index, index_again);
    EXPECT_TRUE(probs.equal(probs_again));
  }
}

TEST_F(ExportedLearner, HasNoDataToTrainOn) {
  Learner again = load_learner(file_);
  expect_error<UsageError>([&] { again.fit(1); }, {"has no data", "loaded from a file"});
  EXPECT_NE(again.summary().find("Total params: 11,70"), std::string::npos);
}

TEST_F(ExportedLearner, OfANewerFormatIsRefused) {
  const SafetensorsFile stored = read_safetensors(file_);
  SafetensorsMetadata metadata;
  for (const auto& [key, text] : stored.metadata) {
    if (key != "learner") {
      metadata.emplace_back(key, text);
      continue;
    }
    Json card = Json::parse(text);
    card["format_version"] = card.at("format_version").as_int() + 1;
    metadata.emplace_back(key, card.dump());
  }
  const auto newer = folder_ / "newer.safetensors";
  write_safetensors(newer, stored.tensors, metadata);
  expect_error<DataError>([&] { load_learner(newer); },
                          {"newer.safetensors", "format version 2", "Update linnet"});
}

TEST_F(ExportedLearner, CutInHalfIsRefused) {
  const std::string bytes = test::read_file(file_);
  const auto half = folder_ / "half.safetensors";
  for (const size_t size : {bytes.size() / 2, size_t{100}, size_t{5}, size_t{0}}) {
    test::write_file(half, std::string_view(bytes).substr(0, size));
    expect_error<DataError>([&] { load_learner(half); }, {"half.safetensors"});
  }
}

TEST_F(ExportedLearner, OfAnArchitectureThatIsNotKnownHereIsRefused) {
  const SafetensorsFile stored = read_safetensors(file_);
  SafetensorsMetadata metadata = stored.metadata;
  for (auto& [key, text] : metadata) {
    if (const auto at = text.find("resnet18"); at != std::string::npos) text[at + 7] = '9';
  }
  const auto other = folder_ / "other.safetensors";
  write_safetensors(other, stored.tensors, metadata);
  expect_error<DataError>([&] { load_learner(other); }, {"other.safetensors", "resnet19"});
}

TEST(Learner, WeightsAloneAreNoLearner) {
  const test::TempDir folder;
  const Learner learn = synth_learner({.path = folder.path()});
  const auto file = learn.save("weights");
  expect_error<DataError>([&] { load_learner(file); },
                          {"weights.safetensors", "no learner that linnet exported"});
}

TEST(Learner, OfAUsersOwnModuleRefusesExport) {
  const test::TempDir folder;
  const Learner learn = synth_learner();
  expect_error<UsageError>([&] { learn.export_to(folder / "model.safetensors"); },
                           {"[Learner::export_to]", "use save"});
  EXPECT_FALSE(fs::exists(folder / "model.safetensors"));
}

TEST(Learner, AsksForALossThatTheDataDoesNotName) {
  expect_error<UsageError>([] { Learner(test::synth_dls(), test::RegModel()); },
                           {"[Learner]", "does not say which loss", "cross_entropy()"});
}

TEST(Learner, SaysWhichInputsAModelDoesNotTake) {
  Learner learn(test::synth_dls(), torch::nn::Linear(3, 1), {.loss = losses::mse()});
  expect_error<UsageError>([&] { learn.fit(1); }, {"[Learner]", "does not take inputs [8, 1]"});
}

TEST(Learner, EvaluatesWithThePredictionsBehindTheScores) {
  Learner learn = test::synth_image_learner({.metrics = {metrics::accuracy}});
  int64_t seen = 0;
  const auto [scores, kept] = learn.evaluate(
      learn.dls().valid(), {.keep_predictions = true,
                            .each_batch = [&](const torch::Tensor& pred, const torch::Tensor& y) {
                              EXPECT_EQ(pred.size(0), y.size(0));
                              seen += y.size(0);
                            }});
  EXPECT_EQ(seen, 8);
  const auto all = learn.get_preds({.with_decoded = true, .with_losses = true});
  EXPECT_TRUE(kept.preds.equal(all.preds));
  EXPECT_TRUE(kept.targets.equal(all.targets));
  EXPECT_TRUE(kept.decoded.equal(all.decoded));
  EXPECT_TRUE(kept.losses.equal(all.losses));
  EXPECT_NEAR(scores.loss, all.losses.mean().item<double>(), 1e-6);
  EXPECT_EQ(scores.metrics.at(0).first, "accuracy");
  EXPECT_FALSE(learn.evaluate(learn.dls().valid()).predictions.preds.defined());
  EXPECT_EQ(learn.callbacks().size(), test::synth_image_learner().callbacks().size());
}

}  // namespace
}  // namespace linnet
