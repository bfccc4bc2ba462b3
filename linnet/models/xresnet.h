#pragma once

#include "linnet/models/model_entry.h"

namespace linnet::models {

/** Bodies of XResNet, the ResNet of "Bag of Tricks" (He et al. 2018): three 3 x 3 convolutions to
 * begin with, shortcuts that average before they shrink, and blocks that begin as the identity (the
 * last norm of each starts at 0). They learn well from random numbers. There are no pretrained
 * weights of them here.
 *  source  fastai 2.7 xresnet18, 34, 50 without their last four layers (golden head_and_model)
 */
Stack xresnet18_body(int64_t in_channels);
Stack xresnet34_body(int64_t in_channels);
Stack xresnet50_body(int64_t in_channels);
/** The names of fastai's XResNet are those of the body; "" for the layers after it (8 to 11). */
std::string xresnet_name(std::string_view fastai_name);

inline constexpr ModelEntry xresnet18{"xresnet18",   xresnet18_body, 512, 3,
                                      kImagenetMean, kImagenetStd,   "",  xresnet_name};
inline constexpr ModelEntry xresnet34{"xresnet34",   xresnet34_body, 512, 3,
                                      kImagenetMean, kImagenetStd,   "",  xresnet_name};
inline constexpr ModelEntry xresnet50{"xresnet50",   xresnet50_body, 2048, 3,
                                      kImagenetMean, kImagenetStd,   "",   xresnet_name};

struct XResNetOptions {
  double p = 0;      // dropout before the linear layer, 0 to 1
  int64_t n_in = 3;  // channels of the pictures
};

/** The whole network for `n_out` classes, one flat list of layers with fastai's names: body,
 * average pooling, flatten, dropout, linear.
 *
 *      Learner learn(dls, models::xresnet(models::xresnet18, 10), {.metrics = {accuracy}});
 *
 *  arch    xresnet18, xresnet34 or xresnet50; UsageError for n_out or n_in below 1
 *  source  fastai 2.7 xresnet18(n_out = 10, p = 0.0, c_in = 3)
 */
Stack xresnet(const ModelEntry& arch, int64_t n_out, const XResNetOptions& options = {});

}  // namespace linnet::models
