#include "linnet/train/callbacks/cutmix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/train/callbacks/entry.h"

namespace linnet {

namespace {

struct Range {
  int64_t begin;
  int64_t end;
  int64_t length() const { return end - begin; }
};

// The part of `size` pixels that lies about `centre`; in float, where fastai rounds.
Range cut(int64_t centre, int64_t size, float share) {
  const auto length = static_cast<int64_t>(std::nearbyint(static_cast<float>(size) * share));
  return {std::clamp<int64_t>(centre - length / 2, 0, size),
          std::clamp<int64_t>(centre + length / 2, 0, size)};
}

}  // namespace

MixDraw CutMix::draw(const torch::Tensor& x, Generator& random) const {
  if (x.dim() != 4) {
    throw UsageError("CutMix", fmt::format("got an input of {} dimensions, expected pictures "
                                           "[n, channels, height, width]",
                                           x.dim()));
  }
  MixDraw drawn{.lam = draw_beta(1, random), .partner = draw_order(x.size(0), random)};
  drawn.centre_x = random.integer(x.size(3));
  drawn.centre_y = random.integer(x.size(2));
  return drawn;
}

// Of the first input only.
void CutMix::mix(std::vector<Column>& inputs, MixDraw& draw) const {
  auto& x = inputs[0].data;
  const float share = std::sqrt(1 - draw.lam.item<float>());
  const int64_t height = x.size(2), width = x.size(3);
  const Range columns = cut(draw.centre_x, width, share);
  const Range rows = cut(draw.centre_y, height, share);
  const auto box = [&](const torch::Tensor& pictures) {
    return pictures.narrow(2, rows.begin, rows.length()).narrow(3, columns.begin, columns.length());
  };
  auto mixed = x.clone();
  box(mixed).copy_(box(x).index_select(0, draw.partner));
  draw.lam.fill_(1 - static_cast<double>(rows.length() * columns.length()) /
                         static_cast<double>(width * height));
  x = mixed;
}

const Registered<CallbackEntry> cutmix_entry{callback_entry<CutMix>("cutmix")};

}  // namespace linnet
