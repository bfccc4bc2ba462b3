#include "linnet/interpret/grad_cam.h"

#include <torch/nn/functional.h>
#include <torch/utils.h>

#include <fmt/format.h>

#include <vector>

#include "linnet/core/error.h"

namespace linnet {

namespace {

void check_scores(const char* where, const torch::Tensor& scores, const torch::Tensor& classes) {
  if (scores.dim() != 2 || classes.dim() != 1 || classes.size(0) != scores.size(0) ||
      classes.scalar_type() != torch::kLong) {
    throw UsageError(where, fmt::format("got scores of {} dimensions and {} classes, expected "
                                        "[pictures, classes] and an int64 for each picture",
                                        scores.dim(), classes.numel()));
  }
  const auto least = classes.min().item<int64_t>(), most = classes.max().item<int64_t>();
  if (least >= 0 && most < scores.size(1)) return;
  throw UsageError(where, fmt::format("class: got {}, expected 0 to {}", least < 0 ? least : most,
                                      scores.size(1) - 1));
}

// 1 at each picture's class: what is sent back is the gradient of that score.
torch::Tensor one_at(const char* where, const torch::Tensor& scores, const torch::Tensor& classes) {
  check_scores(where, scores, classes);
  return torch::zeros_like(scores).scatter_(1, classes.to(scores.device()).unsqueeze(1), 1);
}

}  // namespace

torch::Tensor grad_cam(const TensorFunction& features, const TensorFunction& scores,
                       const torch::Tensor& x, const torch::Tensor& classes) {
  const auto maps = [&] {
    const torch::NoGradGuard no_grad;
    return features(x);
  }();
  if (maps.dim() != 4) {
    throw UsageError("grad_cam", fmt::format("got features of {} dimensions, expected [pictures, "
                                             "channels, height, width]",
                                             maps.dim()));
  }
  const auto gradient = project_back(
      scores, maps, [&](const torch::Tensor& out) { return one_at("grad_cam", out, classes); },
      BackwardRule::gradient);
  const auto weights = gradient.mean({2, 3}, /*keepdim=*/true);
  return (weights * maps).sum(1).clamp_min(0);
}

torch::Tensor guided_backpropagation(const TensorFunction& network, const torch::Tensor& x,
                                     const torch::Tensor& classes) {
  return project_back(
      network, x,
      [&](const torch::Tensor& out) { return one_at("guided_backpropagation", out, classes); },
      BackwardRule::guided);
}

torch::Tensor guided_grad_cam(const TensorFunction& features, const TensorFunction& scores,
                              const torch::Tensor& x, const torch::Tensor& classes) {
  const auto lines = guided_backpropagation(
      [&](const torch::Tensor& in) { return scores(features(in)); }, x, classes);
  const auto map = grad_cam(features, scores, x, classes);
  return lines * stretched_map(map, x.size(2), x.size(3)).unsqueeze(1);
}

torch::Tensor stretched_map(const torch::Tensor& map, int64_t height, int64_t width) {
  namespace F = torch::nn::functional;
  return F::interpolate(map.unsqueeze(1), F::InterpolateFuncOptions()
                                              .size(std::vector<int64_t>{height, width})
                                              .mode(torch::kBilinear)
                                              .align_corners(false))
      .squeeze(1);
}

}  // namespace linnet
