#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/media/image.h"
#include "linnet/models/model_entry.h"
#include "linnet/nn/conv_layer.h"
#include "linnet/nn/fold.h"
#include "linnet/nn/stack.h"

namespace linnet {

/** fastai's defaults. */
struct UnetOptions {
  bool blur = false;            // soften each enlargement, against chequered patterns
  bool blur_final = true;       // with blur: that of the last block too
  bool self_attention = false;  // in the third block from the end
  std::optional<std::pair<double, double>> y_range = std::nullopt;  // of the outputs
  bool last_cross = true;                                           // show the picture itself again
  bool bottle = false;  // the block after that halves its channels (fastai's cannot run)
  Activation act = Activation::relu;
  NormType norm = NormType::none;  // of the decoder's convolutions
};
Json to_json(const UnetOptions& options);
UnetOptions unet_from_json(const Json& json);

/** A number for each pixel and class: an encoder (the body of a recogniser) makes the picture
 * smaller step by step, a decoder enlarges it again and takes at each step what the encoder knew at
 * that size (Ronneberger et al. 2015).
 *
 *      DynamicUnet unet(models::resnet18_body(3), 5, ImageSize{64, 64});
 *      unet->forward(torch::rand({2, 3, 96, 80}));      // [2, 5, 96, 80]
 *
 *  [n, channels, h, w] -> [n, n_out, h, w], for pictures of any size; the number of decoder blocks
 * is that for `img_size`. Children are named as fastai's: layers.0 is the encoder.
 *  errors  UsageError for an encoder that does not change the size, or no output
 *  source  fastai 2.7 DynamicUnet (golden unet); `bottle` works here (docs/differences.md)
 */
class DynamicUnetImpl : public torch::nn::Module, public Foldable {
 public:
  DynamicUnetImpl(const Stack& encoder, int64_t n_out, const ImageSize& img_size,
                  const UnetOptions& options = {});
  ~DynamicUnetImpl() override;

  torch::Tensor forward(const torch::Tensor& x);
  FoldedForward folded(torch::ScalarType dtype) const override;
  Stack encoder() const { return encoder_; }

 private:
  struct Decoder;
  torch::Tensor encode(const torch::Tensor& x, std::vector<torch::Tensor>& skips);

  Stack encoder_;
  std::vector<int64_t> skips_;  // after which layers of the encoder the size changes
  std::unique_ptr<Decoder> decoder_;
};
TORCH_MODULE(DynamicUnet);

/** The parameter groups: first layers of the encoder, its last ones, the decoder. source  fastai
 * 2.7 unet_learner's splitter (golden unet) */
std::vector<std::vector<torch::Tensor>> unet_groups(const torch::nn::Module& unet,
                                                    const ModelEntry& arch);

}  // namespace linnet
