// Parts of your own, in a line or a few each: a data set, a network, a loop, a loss, a metric, a
// callback, a transform and an architecture. Draws its own data, so it needs no files.
//   build/examples/own_parts
#include <linnet/vision.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/sgd.h>

#include <iostream>

using namespace linnet;
using torch::Tensor;

// A data set is any class with size() and get(i), which gives a source for each block.
struct Stripes {
  uint64_t seed;
  int64_t count;
  int64_t size() const { return count; }
  std::vector<Value> get(int64_t i) const {
    Generator random({seed, static_cast<uint64_t>(i)});
    const bool upright = random.bernoulli(0.5);
    Image picture(32, 32, 3);
    for (int64_t y = 0; y < 32; ++y) {
      for (int64_t x = 0; x < 32; ++x) {
        const int64_t grey = (upright ? x : y) / 4 % 2 * 120 + random.integer(100);
        for (int64_t c = 0; c < 3; ++c) picture.at(y, x, c) = static_cast<uint8_t>(grey);
      }
    }
    return {picture, Label(upright ? "upright" : "lying")};
  }
};

// A network is any torch::nn::Module.
struct TinyImpl : torch::nn::Module {
  torch::nn::Conv2d conv{torch::nn::Conv2dOptions(3, 16, 5).stride(2)};
  torch::nn::Linear out{16, 2};
  TinyImpl() {
    register_module("conv", conv);
    register_module("out", out);
  }
  Tensor forward(const Tensor& x) { return out(conv(x).relu().amax({2, 3})); }
};
TORCH_MODULE(Tiny);

// A callback overrides the events it is for.
struct PrintsLoss : Callback {
  void after_epoch(Learner& learn) override {
    std::cout << "last batch's loss: " << learn.state().loss.item<float>() << '\n';
  }
};

// So does a transform with apply: this one takes the colour away.
struct Grey final : BatchTransformImpl {
  std::string_view name() const override { return "grey"; }
  double order() const override { return 20; }
  void apply(Batch& batch, Split, Generator&) const override {
    batch.x[0].data = batch.x[0].data.mean(1, true).expand({-1, 3, -1, -1});
  }
};

// The body of an architecture: [n, 3, h, w] to [n, 32, h', w'].
Stack thin_body(int64_t channels) {
  return Stack(torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, 32, 5).stride(2)));
}

int main() try {
  torch::manual_seed(1);
  const Pipeline pipeline({.blocks = {ImageBlock(), CategoryBlock({.vocab = {"lying", "upright"}})},
                           .batch_tfms = Grey()});
  const DataLoaders dls(Dataset(Stripes{1, 256}), Dataset(Stripes{2, 128}), pipeline, {.bs = 32});

  // A loop of your own over the batches.
  Tiny mine;
  torch::optim::SGD sgd(mine->parameters(), 0.01);
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    double sum = 0;
    const auto stream = dls.train().stream(epoch);
    while (const auto batch = stream->next()) {
      const auto loss = losses::cross_entropy()(mine(batch->x[0].data), batch->y[0].data);
      sgd.zero_grad();
      loss.backward();
      sgd.step();
      sum += loss.item<double>();
    }
    std::cout << "own loop, epoch " << epoch << ": " << sum / double(dls.train().batches()) << '\n';
  }

  // The same network in a Learner, with a loss and a metric from functions.
  const auto smooth = [](const Tensor& pred, const Tensor& target) {
    return torch::cross_entropy_loss(pred, target, {}, at::Reduction::Mean, -100, 0.1);
  };
  const auto sure = metric(
      "sure",
      [](const Tensor& preds, const Tensor& targets) {
        const auto right = preds.softmax(1).gather(1, targets.unsqueeze(1));
        return (right > 0.6).to(torch::kDouble).mean().item<double>();
      },
      Better::higher);
  Learner learn(dls, mine, {.metrics = {accuracy, sure}, .loss = smooth});
  learn.fit_one_cycle(3, {.lr_max = 3e-3, .callbacks = {std::make_shared<PrintsLoss>()}});

  // A changed copy of an architecture is what trains; no file knows it, and export_to says so.
  ModelEntry arch = xresnet18;
  arch.body = thin_body;
  arch.features = 32;
  arch.split = 1;
  auto thin = vision_learner(dls, arch, {.metrics = {accuracy}, .weights = Weights::none()});
  thin.fit_one_cycle(3, {.lr_max = 3e-3});
  std::cout << "is it upright? " << thin.predictor().predict(Stripes{3, 1}.get(0).at(0)).label
            << '\n';
  try {
    thin.export_to("thin.safetensors");
  } catch (const UsageError& error) {
    std::cout << error.what() << '\n';
  }
} catch (const Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
