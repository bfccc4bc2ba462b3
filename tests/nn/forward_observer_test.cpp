
#include <torch/nn/init.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>

#include "linnet/nn/forward_observer.h"

#include <gtest/gtest.h>

#include <thread>

#include "linnet/core/error.h"
#include "linnet/nn/self_attention.h"
#include "linnet/nn/stack.h"

namespace linnet {
namespace {

namespace nn = torch::nn;

/** A module of the user's own: a layer used twice, one inside another, and a bare parameter. */
struct OwnImpl : nn::Module {
  OwnImpl()
      : first(register_module("first", nn::Conv2d(nn::Conv2dOptions(3, 3, 3).padding(1)))),
        norm(register_module("norm", nn::BatchNorm2d(3))),
        scale(register_parameter("scale", torch::ones({3, 1, 1}))) {}
  torch::Tensor forward(const torch::Tensor& x) { return norm(first(first(x).relu())) * scale; }
  nn::Conv2d first;
  nn::BatchNorm2d norm;
  torch::Tensor scale;
};
TORCH_MODULE(Own);

using Seen = std::vector<std::pair<const nn::Module*, torch::Tensor>>;

TEST(ForwardObserver, SeesLayersWithParametersWhereverTheyAre) {
  Own model;
  const auto x = torch::rand({2, 3, 4, 4});
  Seen seen;
  {
    const ForwardObserver observer(*model, [&](const nn::Module& layer, const torch::Tensor& out) {
      seen.emplace_back(&layer, out);
    });
    model->forward(x);
  }
  ASSERT_EQ(seen.size(), 4U);  // the convolution twice, the norm, the product with scale
  EXPECT_EQ(seen[0].first, model->first.get());
  EXPECT_EQ(seen[1].first, model->first.get());
  EXPECT_EQ(seen[2].first, model->norm.get());
  EXPECT_EQ(seen[3].first, model.get());
  EXPECT_TRUE(seen[0].second.equal(model->first(x)));
  model->forward(x);
  EXPECT_EQ(seen.size(), 4U);  // and no more when it is gone
}

TEST(ForwardObserver, SeesLayersWithoutParametersInAStack) {
  Stack model(nn::Linear(3, 4), nn::ReLU(), Stack(nn::Dropout(0.5), nn::Linear(4, 2)));
  model->eval();
  std::vector<std::vector<int64_t>> shapes;
  const ForwardObserver observer(*model, [&](const nn::Module&, const torch::Tensor& out) {
    shapes.push_back(out.sizes().vec());
  });
  model->forward(torch::rand({5, 3}));
  EXPECT_EQ(shapes, (std::vector<std::vector<int64_t>>{{5, 4}, {5, 4}, {5, 4}, {5, 2}}));
}

TEST(ForwardObserver, SeesWhatALayerWithAChangedWeightGives) {
  const auto x = torch::rand({2, 16, 3, 4});
  for (const bool training : {true, false}) {
    SelfAttention model(16);
    model->train(training);
    torch::nn::init::ones_(model->named_parameters()["gamma"]);
    Seen seen;
    torch::Tensor result;
    {
      const ForwardObserver observer(*model,
                                     [&](const nn::Module& layer, const torch::Tensor& out) {
                                       seen.emplace_back(&layer, out);
                                     });
      result = model->forward(x);
    }
    ASSERT_EQ(seen.size(), 4U) << training;  // query, key and value, then what comes of them
    for (const size_t narrow : {0, 1}) {
      EXPECT_EQ(seen[narrow].second.sizes(), (std::vector<int64_t>{2, 2, 12}));
    }
    EXPECT_EQ(seen[2].second.sizes(), (std::vector<int64_t>{2, 16, 12}));
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_NE(dynamic_cast<const SpectralConv1dImpl*>(seen[i].first), nullptr) << i;
    }
    EXPECT_EQ(seen[3].first, model.get());
    EXPECT_TRUE(seen[3].second.equal(result));
  }
}

TEST(ForwardObserver, GivesOutputsWhoseGradientCanBeKept) {
  Stack model(nn::Linear(3, 4), nn::ReLU(), nn::Linear(4, 1));
  torch::Tensor hidden;
  {
    const ForwardObserver observer(*model, [&](const nn::Module& layer, const torch::Tensor& out) {
      if (&layer == model[0].get()) (hidden = out).retain_grad();
    });
    model->forward(torch::rand({5, 3})).sum().backward();
  }
  EXPECT_EQ(hidden.grad().sizes(), (std::vector<int64_t>{5, 4}));
}

TEST(ForwardObserver, MindsItsOwnThreadOnlyAndTheInnermostCounts) {
  Stack model(nn::Linear(3, 4));
  int outer = 0, inner = 0;
  const auto count = [](int& n) { return [&n](const nn::Module&, const torch::Tensor&) { ++n; }; };
  const auto x = torch::rand({5, 3});
  const ForwardObserver first(*model, count(outer));
  {
    const ForwardObserver second(*model, count(inner));
    model->forward(x);
  }
  std::thread([&] { model->forward(x); }).join();
  model->forward(x);
  EXPECT_EQ(inner, 1);
  EXPECT_EQ(outer, 1);
}

TEST(Stack, WithoutLayersIsAnError) {
  Stack empty;
  EXPECT_THROW(empty->forward(torch::ones({1})), UsageError);
}

}  // namespace
}  // namespace linnet
