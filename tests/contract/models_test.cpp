#include <gtest/gtest.h>
#include <torch/utils.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "linnet/data/data_loaders.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/models/model_entry.h"
#include "linnet/nn/fold.h"
#include "linnet/nn/losses/cross_entropy.h"
#include "linnet/vision/learner.h"
#include "support/temp_dir.h"

// What every architecture promises, for each row of the registry.
namespace linnet {
namespace {

constexpr int64_t kSide = 64;

const std::vector<ModelEntry>& rows() { return registry<ModelEntry>().rows(); }

/** Loaders of 4 pictures of noise, in 3 classes. */
DataLoaders noise_loaders() {
  const auto loader = std::make_shared<TensorLoader>(
      std::vector{torch::randn({4, 3, kSide, kSide})},
      std::vector{torch::tensor(std::vector<int64_t>{0, 1, 2, 0})}, LoaderOptions{.bs = 4});
  return {loader, loader};
}

Learner learner_of(const ModelEntry& arch, const std::filesystem::path& path) {
  return vision_learner(
      noise_loaders(), arch,
      {.weights = Weights::none(), .n_out = 3, .loss = losses::cross_entropy(), .path = path});
}

TEST(EveryModel, IsRegistered) { EXPECT_GE(rows().size(), 4U); }

TEST(EveryModel, GivesThePromisedChannelsForAnyInput) {
  const torch::NoGradGuard no_grad;
  for (const ModelEntry& arch : rows()) {
    SCOPED_TRACE(arch.name);
    for (const int64_t channels : {1, 3, 4}) {
      const auto out = arch.body(channels)->forward(torch::randn({2, channels, kSide, 96}));
      ASSERT_EQ(out.dim(), 4);
      EXPECT_EQ(out.size(0), 2);
      EXPECT_EQ(out.size(1), arch.features);
      EXPECT_LT(out.size(2), kSide);
      EXPECT_GT(out.size(3), out.size(2)) << "a wide picture stays wide";
      EXPECT_TRUE(out.isfinite().all().item<bool>());
    }
  }
}

TEST(EveryModel, HasThreeGroupsThatHoldEachParameterOnce) {
  for (const ModelEntry& arch : rows()) {
    SCOPED_TRACE(arch.name);
    const Learner learn = learner_of(arch, ".");
    const torch::nn::Module& net = learn.network().module();
    std::set<const void*> seen;
    for (const auto& group : vision_groups(net, arch)) {
      EXPECT_FALSE(group.empty());
      for (const auto& parameter : group) EXPECT_TRUE(seen.insert(parameter.data_ptr()).second);
    }
    EXPECT_EQ(seen.size(), net.parameters().size());
  }
}

TEST(EveryModel, HasFiniteGradientsInEveryGroup) {
  for (const ModelEntry& arch : rows()) {
    SCOPED_TRACE(arch.name);
    torch::manual_seed(1);
    const Learner learn = learner_of(arch, ".");
    torch::nn::Module& net = learn.network().module();
    net.train();
    const auto scores = learn.network().forward({torch::randn({4, 3, kSide, kSide})});
    ASSERT_EQ(scores.sizes(), (std::vector<int64_t>{4, 3}));
    losses::cross_entropy()(scores, torch::tensor(std::vector<int64_t>{0, 1, 2, 0})).backward();
    for (const auto& group : vision_groups(net, arch)) {
      double total = 0;
      for (const auto& parameter : group) {
        ASSERT_TRUE(parameter.grad().defined());
        EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>());
        total += parameter.grad().abs().sum().item<double>();
      }
      EXPECT_GT(total, 0);
    }
  }
}

TEST(EveryModel, SurvivesSaveAndLoad) {
  const torch::NoGradGuard no_grad;
  const test::TempDir dir;
  for (const ModelEntry& arch : rows()) {
    SCOPED_TRACE(arch.name);
    torch::manual_seed(2);
    const Learner learn = learner_of(arch, dir.path());
    Learner again = learner_of(arch, dir.path());
    const auto pictures = torch::randn({2, 3, kSide, kSide});
    const auto scores = [&pictures](const Learner& learner) {
      learner.network().module().eval();
      return learner.network().forward({pictures});
    };
    ASSERT_FALSE(scores(again).equal(scores(learn))) << "two random models must differ";
    again.load(learn.save(std::string(arch.name)).stem().string());
    EXPECT_TRUE(scores(again).equal(scores(learn)));
  }
}

// As after a training: no mean is 0, no deviation 1.
void fill_norms(torch::nn::Module& net) {
  const torch::NoGradGuard no_grad;
  for (const auto& buffer : net.named_buffers()) {
    if (buffer.key().ends_with("running_mean")) buffer.value().normal_(0, 0.2);
    if (buffer.key().ends_with("running_var")) buffer.value().uniform_(0.5, 1.5);
  }
  for (const auto& parameter : net.named_parameters()) {
    if (parameter.value().dim() == 1) parameter.value().uniform_(0.4, 0.9);
  }
}

TEST(EveryModel, PredictsTheSameWithItsNormsFolded) {
  const torch::NoGradGuard no_grad;
  for (const ModelEntry& arch : rows()) {
    SCOPED_TRACE(arch.name);
    torch::manual_seed(3);
    const Learner learn = learner_of(arch, ".");
    fill_norms(learn.network().module());
    const auto forward = folded(learn.network().module(), torch::kFloat);
    ASSERT_TRUE(forward) << "implement Foldable where the architecture has blocks of its own";
    const auto pictures = torch::randn({3, 3, kSide, 96});
    const auto plain = learn.network().forward({pictures});
    const double largest = plain.abs().max().item<double>();
    ASSERT_TRUE(std::isfinite(largest));
    ASSERT_GT((plain[0] - plain[1]).abs().max().item<double>(), 1e-4 * largest);
    EXPECT_LT((forward(pictures) - plain).abs().max().item<double>(), 1e-5 * largest);
  }
}

TEST(EveryModel, KeepsItsOwnNamesWhenWeightsAreImported) {
  for (const ModelEntry& arch : rows()) {
    SCOPED_TRACE(arch.name);
    for (const auto& parameter : arch.body(3)->named_parameters())
      EXPECT_EQ(arch.from_original(parameter.key()), parameter.key());
  }
}

}  // namespace
}  // namespace linnet
