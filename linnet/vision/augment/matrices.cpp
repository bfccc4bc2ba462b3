#include "linnet/vision/augment/matrices.h"

#include <numbers>

namespace linnet {

namespace {

// [[xx, xy, x0], [yx, yy, y0], [0, 0, 1]] for each item.
torch::Tensor affine(const torch::Tensor& xx, const torch::Tensor& xy, const torch::Tensor& x0,
                     const torch::Tensor& yx, const torch::Tensor& yy, const torch::Tensor& y0) {
  const auto zero = torch::zeros_like(xx);
  return torch::stack({xx, xy, x0, yx, yy, y0, zero, zero, torch::ones_like(xx)}, 1)
      .view({-1, 3, 3});
}

torch::Tensor entries_of(std::initializer_list<double> table, const torch::Tensor& index) {
  return torch::tensor(at::ArrayRef<double>(table), torch::kDouble).index_select(0, index);
}

// [n, 4, 2] from the x and y of four corners, each [n].
torch::Tensor corners(const std::vector<torch::Tensor>& xy) {
  return torch::stack(xy, 1).view({-1, 4, 2});
}

}  // namespace

torch::Tensor identity_map(int64_t n) {
  return torch::eye(3, torch::kDouble).expand({n, 3, 3}).contiguous();
}

torch::Tensor flip_mat(const torch::Tensor& draw) {
  const auto zero = torch::zeros_like(draw);
  return affine(1 - 2 * draw, zero, zero, zero, torch::ones_like(draw), zero);
}

torch::Tensor dihedral_mat(const torch::Tensor& k) {
  const auto sign_x = entries_of({1, -1, 1, -1, -1, 1, 1, -1}, k);
  const auto sign_y = entries_of({1, 1, -1, 1, -1, -1, 1, -1}, k);
  const auto swaps = entries_of({0, 0, 0, 1, 0, 1, 1, 1}, k);
  const auto zero = torch::zeros_like(swaps);
  return affine(sign_x * (1 - swaps), sign_x * swaps, zero, sign_y * swaps, sign_y * (1 - swaps),
                zero);
}

torch::Tensor rotate_mat(const torch::Tensor& degrees) {
  const auto angle = degrees * (std::numbers::pi / 180);
  const auto zero = torch::zeros_like(angle);
  return affine(angle.cos(), angle.sin(), zero, -angle.sin(), angle.cos(), zero);
}

torch::Tensor zoom_mat(const torch::Tensor& zoom, const torch::Tensor& x, const torch::Tensor& y) {
  const auto scale = zoom.reciprocal();
  const auto zero = torch::zeros_like(scale);
  return affine(scale, zero, (1 - scale) * (2 * x - 1), zero, scale, (1 - scale) * (2 * y - 1));
}

torch::Tensor perspective_map(const torch::Tensor& from, const torch::Tensor& to) {
  // u = (a x + b y + c) / (g x + h y + 1), v = (d x + e y + f) / (g x + h y + 1): two linear
  // equations in the eight unknowns for each of the four points.
  const auto x = from.select(2, 0), y = from.select(2, 1);
  const auto u = to.select(2, 0), v = to.select(2, 1);
  const auto one = torch::ones_like(x), zero = torch::zeros_like(x);
  const auto of_u = torch::stack({x, y, one, zero, zero, zero, -u * x, -u * y}, 2);
  const auto of_v = torch::stack({zero, zero, zero, x, y, one, -v * x, -v * y}, 2);
  const auto solved =
      torch::linalg_solve(torch::cat({of_u, of_v}, 1), torch::cat({u, v}, 1).unsqueeze(2));
  return torch::cat({solved.squeeze(2), one.narrow(1, 0, 1)}, 1).view({-1, 3, 3});
}

torch::Tensor warp_mat(const torch::Tensor& x, const torch::Tensor& y) {
  const auto one = torch::ones_like(x);
  const auto square = corners({-one, -one, -one, one, one, -one, one, one});
  const auto tilted = corners({-1 - y, -1 - x, -1 + y, 1 + x, 1 + y, -1 + x, 1 - y, 1 - x});
  return perspective_map(tilted, square);
}

torch::Tensor for_aspect(const torch::Tensor& affine, int64_t height, int64_t width) {
  const double ratio = static_cast<double>(height) / static_cast<double>(width);
  auto prepared = affine.clone();
  prepared.select(1, 0).select(1, 1).mul_(ratio);
  prepared.select(1, 1).select(1, 0).div_(ratio);
  return prepared;
}

}  // namespace linnet
