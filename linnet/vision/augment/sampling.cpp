#include "linnet/vision/augment/sampling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/vision/augment/per_item.h"

namespace linnet {

namespace {

constexpr std::array<std::string_view, 3> kModes = {"bilinear", "nearest", "bicubic"};
constexpr std::array<std::string_view, 3> kPadModes = {"zeros", "border", "reflection"};

template <class Enum>
Enum from_name(const std::array<std::string_view, 3>& names, const Json& name) {
  const auto at = std::find(names.begin(), names.end(), name.as_string());
  if (at == names.end()) {
    throw DataError("Sampling", fmt::format("'{}' is neither {}, {} nor {}", name.as_string(),
                                            names[0], names[1], names[2]));
  }
  return static_cast<Enum>(at - names.begin());
}

// The middle of the last of n pixels side by side; that of the first is its negative.
double last_middle(int64_t n, bool align_corners) {
  if (n == 1) return 0;
  return align_corners ? 1 : 1 - 1 / static_cast<double>(n);
}

torch::Tensor pixel_middles(int64_t n, bool align_corners, const torch::Device& device) {
  const double last = last_middle(n, align_corners);
  return torch::linspace(-last, last, n, torch::dtype(torch::kFloat).device(device));
}

// torch's grid_sampler counts its modes as our enums do.
torch::Tensor grid_sample(const torch::Tensor& pictures, const torch::Tensor& grid, SampleMode mode,
                          const Sampling& sampling) {
  return torch::grid_sampler_2d(pictures, grid, static_cast<int64_t>(mode),
                                static_cast<int64_t>(sampling.pad_mode), sampling.align_corners);
}

ImageSize size_of(const torch::Tensor& pictures) { return {pictures.size(2), pictures.size(3)}; }

torch::Tensor resample(const torch::Tensor& pictures, const torch::Tensor& maps, SampleMode mode,
                       const Sampling& sampling) {
  const ImageSize size = sampling.size.or_else(size_of(pictures));
  return detail::per_item(pictures, {pictures.size(0), pictures.size(1), size.height, size.width},
                          [&](const torch::Tensor& some, int64_t first, torch::Tensor out) {
                            const auto grid =
                                coordinate_grid(maps.narrow(0, first, some.size(0)), size,
                                                sampling.align_corners, some.device());
                            out.copy_(grid_sample(some, grid, mode, sampling));
                          });
}

torch::Tensor divided(const torch::Tensor& homogeneous) {
  return homogeneous.narrow(-1, 0, 2) / homogeneous.narrow(-1, 2, 1);
}

}  // namespace

OutputSize::OutputSize(int64_t height, int64_t width) : size_{height, width} {
  if (height < 1 || width < 1) {
    throw UsageError("size",
                     fmt::format("got {} x {}, expected sides of 1 pixel or more", height, width));
  }
}

Json OutputSize::to_json() const {
  return given() ? Json(Json::Array{size_.height, size_.width}) : Json();
}

OutputSize OutputSize::from_json(const Json& json) {
  if (json.is_null()) return {};
  const auto sides = json.as_ints();
  if (sides.size() != 2) throw DataError("size", "expected a height and a width");
  return {sides[0], sides[1]};
}

Json to_json(const Sampling& sampling) {
  return Json{{"size", sampling.size.to_json()},
              {"mode", kModes.at(static_cast<size_t>(sampling.mode))},
              {"pad_mode", kPadModes.at(static_cast<size_t>(sampling.pad_mode))},
              {"align_corners", sampling.align_corners}};
}

Sampling sampling_from_json(const Json& json) {
  return {.size = OutputSize::from_json(json.at("size")),
          .mode = from_name<SampleMode>(kModes, json.at("mode")),
          .pad_mode = from_name<PadMode>(kPadModes, json.at("pad_mode")),
          .align_corners = json.at("align_corners").as_bool()};
}

torch::Tensor coordinate_grid(const torch::Tensor& maps, const ImageSize& size, bool align_corners,
                              const torch::Device& device) {
  const auto m = maps.to(device, torch::kFloat).view({-1, 9, 1, 1});
  const auto x = pixel_middles(size.width, align_corners, device).view({1, 1, -1});
  const auto y = pixel_middles(size.height, align_corners, device).view({1, -1, 1});
  const auto along = [&](int64_t row) {  // that coordinate of the map, [n, height, width]
    return (m.select(1, 3 * row) * x) + (m.select(1, 3 * row + 1) * y + m.select(1, 3 * row + 2));
  };
  const auto bottom = maps.select(1, 2);
  const bool is_affine = bottom.narrow(1, 0, 2).eq(0).all().item<bool>();
  if (is_affine) return torch::stack({along(0), along(1)}, 3);
  const auto depth = along(2);
  return torch::stack({along(0).div_(depth), along(1).div_(depth)}, 3);
}

double shrink_first(const ImageSize& from, const ImageSize& to, const torch::Tensor& maps,
                    bool align_corners) {
  const auto ratio = [](int64_t a, int64_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  };
  const double shrink = std::min(ratio(from.height, to.height), ratio(from.width, to.width)) / 2;
  if (shrink <= 1) return 1;
  // A map takes lines to lines, so that no coordinate lies beyond those of the four corners.
  const double x = last_middle(to.width, align_corners), y = last_middle(to.height, align_corners);
  const auto corners =
      torch::tensor({{-x, -y, 1.}, {-x, y, 1.}, {x, -y, 1.}, {x, y, 1.}}, torch::kDouble);
  const auto reached = divided(corners.matmul(maps.transpose(1, 2)));
  return shrink > 2 / (reached.max() - reached.min()).item<double>() ? shrink : 1;
}

torch::Tensor sample_pictures(const torch::Tensor& pictures, const torch::Tensor& maps,
                              const Sampling& sampling) {
  const ImageSize from = size_of(pictures);
  return sample_pictures(
      pictures, maps, sampling,
      shrink_first(from, sampling.size.or_else(from), maps, sampling.align_corners));
}

torch::Tensor sample_pictures(const torch::Tensor& pictures, const torch::Tensor& maps,
                              const Sampling& sampling, double shrink) {
  if (shrink <= 1 || sampling.mode != SampleMode::bilinear) {
    return resample(pictures, maps, sampling.mode, sampling);
  }
  const auto shrunk = [&](int64_t side) {
    return static_cast<int64_t>(std::floor(static_cast<double>(side) * (1 / shrink)));
  };
  const ImageSize from = size_of(pictures);
  return resample(torch::adaptive_avg_pool2d(pictures, {shrunk(from.height), shrunk(from.width)}),
                  maps, sampling.mode, sampling);
}

torch::Tensor sample_masks(const torch::Tensor& masks, const torch::Tensor& maps,
                           const Sampling& sampling) {
  return resample(masks.unsqueeze(1).to(torch::kFloat), maps, SampleMode::nearest, sampling)
      .squeeze(1)
      .to(masks.scalar_type());
}

torch::Tensor dihedral(const torch::Tensor& pixels, int64_t k) {
  if (k < 0 || k > 7) throw UsageError("dihedral", fmt::format("k: got {}, expected 0 to 7", k));
  const auto is = [k](std::initializer_list<int64_t> set) {
    return std::find(set.begin(), set.end(), k) != set.end();
  };
  auto result = pixels;
  if (is({1, 3, 4, 7})) result = result.flip({-1});
  if (is({2, 4, 5, 7})) result = result.flip({-2});
  return is({3, 5, 6, 7}) ? result.transpose(-1, -2) : result;
}

torch::Tensor map_points(const torch::Tensor& points, const torch::Tensor& maps) {
  const auto back = torch::linalg_inv(maps).to(points.device());
  const auto flat = points.to(torch::kDouble);
  const auto homogeneous = torch::cat({flat, torch::ones_like(flat.narrow(-1, 0, 1))}, -1);
  return divided(homogeneous.matmul(back.transpose(1, 2))).to(points.scalar_type());
}

torch::Tensor map_boxes(const torch::Tensor& boxes, const torch::Tensor& maps) {
  const auto corners = boxes.index_select(
      2,
      torch::tensor({0, 1, 0, 3, 2, 1, 2, 3}, torch::dtype(torch::kLong).device(boxes.device())));
  const int64_t n = boxes.size(0), k = boxes.size(1);
  const auto moved = map_points(corners.reshape({n, k * 4, 2}), maps).view({n, k, 4, 2});
  return torch::cat({moved.amin(2), moved.amax(2)}, 2);
}

}  // namespace linnet
