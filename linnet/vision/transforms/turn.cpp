#include "linnet/vision/transforms/turn.h"

#include <fmt/format.h>

#include <array>

#include "linnet/core/error.h"
#include "linnet/media/geometry.h"

namespace linnet::detail {

namespace {

torch::Tensor turn_points(const torch::Tensor& points, int64_t k) {
  struct Turn {
    double x, y;     // signs
    bool exchanged;  // x and y, after the signs
  };
  constexpr std::array<Turn, 8> kTurns = {{{1, 1, false},
                                           {-1, 1, false},
                                           {1, -1, false},
                                           {-1, 1, true},
                                           {-1, -1, false},
                                           {1, -1, true},
                                           {1, 1, true},
                                           {-1, -1, true}}};
  const Turn& turn = kTurns.at(static_cast<size_t>(k));
  const auto turned = points * torch::tensor({turn.x, turn.y}, points.options());
  return turn.exchanged ? turned.flip(-1) : turned;
}

}  // namespace

void turn_sample(Sample& sample, int64_t k) {
  for (Element& element : sample) {
    if (Image* image = std::get_if<Image>(&element.value)) {
      *image = dihedral(*image, k);
    } else if (element.kind == Kind::points) {
      if (auto* points = std::get_if<torch::Tensor>(&element.value)) {
        *points = turn_points(*points, k);
      }
    }
  }
}

bool happens(double p, Generator& random) { return p == 1 || random.bernoulli(p); }

double checked_probability(std::string_view where, double p) {
  if (p >= 0 && p <= 1) return p;
  throw UsageError(where, fmt::format("p: got {}, expected 0 to 1", p));
}

}  // namespace linnet::detail
