#include "linnet/interpret/signed_image.h"

#include <algorithm>

#include "linnet/interpret/show_batch.h"

namespace linnet {

Image signed_image(const torch::Tensor& values, double share) {
  const auto sizes = values.detach().to(torch::kCPU, torch::kDouble).abs().flatten();
  const double most = sizes.numel() > 0 ? sizes.max().item<double>() : 0;
  if (!(most > 0)) return to_image(torch::full(values.sizes(), 0.5));
  const double scale = std::max(torch::quantile(sizes, share).item<double>(), most / 4);
  return to_image(values.detach().to(torch::kCPU, torch::kDouble) / (2 * scale) + 0.5);
}

}  // namespace linnet
