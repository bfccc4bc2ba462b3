// label: slow
#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim.h>
#include <torch/utils.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "linnet/data/datasets/drawn_pets.h"
#include "linnet/data/items.h"
#include "linnet/data/label.h"
#include "linnet/data/splitters/random.h"
#include "linnet/media/decode.h"
#include "linnet/media/resample.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;

/** Every picture's pixels at 16 x 16, standardised: [n, 768]. */
torch::Tensor small_pixels(const std::vector<fs::path>& files) {
  std::vector<torch::Tensor> rows;
  for (const fs::path& file : files) {
    Image small = resize(decode_image(file), {16, 16}, Filter::bilinear);
    rows.push_back(
        torch::from_blob(small.data(), {small.bytes()}, torch::kUInt8).to(torch::kFloat32).clone());
  }
  return torch::stack(rows) / 255;
}

/** The share of held-out pictures that a logistic regression gets wrong. */
double linear_error(const torch::Tensor& x, const torch::Tensor& y, const SplitIndices& split,
                    double decay) {
  const auto train = torch::tensor(split.train);
  const auto valid = torch::tensor(split.valid);
  const auto mean = x.index_select(0, train).mean(0);
  const auto std = x.index_select(0, train).std(0) + 1e-3;
  const auto scaled = (x - mean) / std;
  torch::nn::Linear model(x.size(1), 2);
  torch::optim::LBFGS optimizer(
      model->parameters(),
      torch::optim::LBFGSOptions(1).max_iter(150).line_search_fn("strong_wolfe"));
  const auto train_x = scaled.index_select(0, train);
  const auto train_y = y.index_select(0, train);
  optimizer.step([&] {
    optimizer.zero_grad();
    auto loss =
        torch::cross_entropy_loss(model(train_x), train_y) + decay * model->weight.square().sum();
    loss.backward();
    return loss;
  });
  const torch::NoGradGuard no_grad;
  const auto wrong = model(scaled.index_select(0, valid)).argmax(1).ne(y.index_select(0, valid));
  return wrong.to(torch::kFloat64).mean().item<double>();
}

// However strongly it is regularised: so what tells cats from dogs is no template of pixels.
TEST(DrawnPetsDataSet, NeedsNoNetworkAndIsTooHardForALinearModelOnSmallPixels) {
  const test::TempDir home;
  setenv("LINNET_HOME", home.path().c_str(), 1);
  const DatasetEntry& row = registry<DatasetEntry>().at("drawn_pets");
  EXPECT_EQ(row.kind(), "drawn");
  EXPECT_NE(row.what.find("drawn"), std::string_view::npos);
  const fs::path path = untar_data(urls::drawn_pets, {.offline = true});
  EXPECT_EQ(path, home / "data/drawn_pets");
  EXPECT_EQ(path, dataset_path(row));
  const auto files = get_image_files(path / "images");
  ASSERT_EQ(files.size(), 3200U);
  const auto x = small_pixels(files);
  std::vector<int64_t> labels;
  for (const fs::path& file : files) labels.push_back(name_case()(file) == Label(true) ? 1 : 0);
  const auto y = torch::tensor(labels);
  for (const uint64_t seed : {1, 2, 3, 4, 5}) {
    const auto split = random_splitter(0.2, seed)(files);
    double best = 1;
    for (const double decay : {0.02, 0.2, 2.0}) {
      torch::manual_seed(seed);
      best = std::min(best, linear_error(x, y, split, decay));
    }
    std::cout << "seed " << seed << ": linear model's error " << best << '\n';
    EXPECT_GT(best, 0.25) << "seed " << seed;
  }
}

}  // namespace
}  // namespace linnet
