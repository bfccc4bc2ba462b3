#pragma once

#include "linnet/models/model_entry.h"

namespace linnet::models {

/** Bodies of ResNet (He et al. 2015) with torchvision's structure and initial values; the weights
 * are torchvision's. source  torchvision 0.14 resnet; fastai 2.7 create_body (golden
 * head_and_model)
 */
Stack resnet18_body(int64_t in_channels);
Stack resnet34_body(int64_t in_channels);
Stack resnet50_body(int64_t in_channels);
Stack resnet101_body(int64_t in_channels);
Stack resnet152_body(int64_t in_channels);
/** For small pictures (about 32 to 128 pixels) and training from scratch in a minute or two on a
 * CPU: one basic block a stage (10 layers that learn, hence the name), a quarter of ResNet-18's
 * width, and a 3 x 3 convolution of stride 2 in place of the large stem with pooling, as the
 * ResNets for small pictures do (He et al. 2015, section 4.2). 0.3 million parameters. No
 * pretrained weights.
 */
Stack resnet10_slim_body(int64_t in_channels);
/** "layer1.0.conv1.weight" -> "4.0.conv1.weight"; "fc.*" -> "". Names that are ours already stay.
 */
std::string resnet_name(std::string_view torchvision_name);

inline constexpr ModelEntry resnet18{"resnet18",
                                     resnet18_body,
                                     512,
                                     6,
                                     kImagenetMean,
                                     kImagenetStd,
                                     "https://download.pytorch.org/models/resnet18-f37072fd.pth",
                                     resnet_name};
inline constexpr ModelEntry resnet34{"resnet34",
                                     resnet34_body,
                                     512,
                                     6,
                                     kImagenetMean,
                                     kImagenetStd,
                                     "https://download.pytorch.org/models/resnet34-b627a593.pth",
                                     resnet_name};
inline constexpr ModelEntry resnet50{"resnet50",
                                     resnet50_body,
                                     2048,
                                     6,
                                     kImagenetMean,
                                     kImagenetStd,
                                     "https://download.pytorch.org/models/resnet50-11ad3fa6.pth",
                                     resnet_name};
inline constexpr ModelEntry resnet101{"resnet101",
                                      resnet101_body,
                                      2048,
                                      6,
                                      kImagenetMean,
                                      kImagenetStd,
                                      "https://download.pytorch.org/models/resnet101-cd907fc2.pth",
                                      resnet_name};
inline constexpr ModelEntry resnet152{"resnet152",
                                      resnet152_body,
                                      2048,
                                      6,
                                      kImagenetMean,
                                      kImagenetStd,
                                      "https://download.pytorch.org/models/resnet152-f82ba261.pth",
                                      resnet_name};
inline constexpr ModelEntry resnet10_slim{"resnet10_slim", resnet10_slim_body, 128, 5,
                                          kImagenetMean,   kImagenetStd,       "",  resnet_name};

}  // namespace linnet::models
