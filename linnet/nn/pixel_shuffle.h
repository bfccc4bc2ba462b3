#pragma once

#include <cstdint>

#include "linnet/nn/conv_layer.h"
#include "linnet/nn/stack.h"

namespace linnet {

struct PixelShuffleOptions {
  int64_t scale = 2;
  bool blur = false;  // the mean of each pixel and its neighbours to the left and above
  NormType norm = NormType::none;
  Activation act = Activation::relu;
};

/** A picture made `scale` times as large: a 1 x 1 convolution gives scale * scale numbers for each
 * pixel, which are laid out as a square. At first all numbers of a square are equal (ICNR, Aitken
 * et al. 2017), so that no chequered pattern is there from the start.
 *  [n, in, h, w] -> [n, out, scale * h, scale * w]
 *  source  fastai 2.7 PixelShuffle_ICNR with norm_type=None (golden unet); its weight norm, the
 *          default outside of a U-Net, is not here
 */
class PixelShuffleIcnrImpl : public StackImpl {
 public:
  PixelShuffleIcnrImpl(int64_t in, int64_t out, const PixelShuffleOptions& options = {});
};
TORCH_MODULE(PixelShuffleIcnr);

/** First weights [out * scale^2, in, k, k] for such a convolution: Kaiming's normal numbers, each
 * row scale^2 times. source  fastai 2.7 icnr_init */
void icnr_init(const torch::Tensor& weight, int64_t scale = 2);

}  // namespace linnet
