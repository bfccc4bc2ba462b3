#pragma once

// Everything for picture recognisers, with the short words of the book. Includes and names only.
#include "linnet/data/transforms/normalize.h"
#include "linnet/interpret/segmentation_report.h"
#include "linnet/interpret/segmented_picture.h"
#include "linnet/interpret/show_batch.h"
#include "linnet/interpret/show_results.h"
#include "linnet/linnet.h"
#include "linnet/metric/segmentation.h"
#include "linnet/models/resnet.h"
#include "linnet/models/xresnet.h"
#include "linnet/vision/augment/aug_transforms.h"
#include "linnet/vision/learner.h"
#include "linnet/vision/loaders.h"
#include "linnet/vision/segmentation_loaders.h"
#include "linnet/vision/transforms/brightness.h"
#include "linnet/vision/transforms/contrast.h"
#include "linnet/vision/transforms/dihedral.h"
#include "linnet/vision/transforms/flip.h"
#include "linnet/vision/transforms/hue.h"
#include "linnet/vision/transforms/random_erasing.h"
#include "linnet/vision/transforms/random_resized_crop_gpu.h"
#include "linnet/vision/transforms/resize.h"
#include "linnet/vision/transforms/rotate.h"
#include "linnet/vision/transforms/saturation.h"
#include "linnet/vision/transforms/warp.h"
#include "linnet/vision/transforms/zoom.h"
#include "linnet/vision/unet_learner.h"

namespace linnet {

using metrics::accuracy;
using metrics::dice;
using metrics::dice_multi;
using metrics::error_rate;
using metrics::foreground_acc;
using metrics::jaccard_coeff;
using metrics::jaccard_coeff_multi;
using metrics::top_k_accuracy;
using models::resnet101;
using models::resnet152;
using models::resnet18;
using models::resnet34;
using models::resnet50;
using models::xresnet18;
using models::xresnet34;
using models::xresnet50;

}  // namespace linnet
