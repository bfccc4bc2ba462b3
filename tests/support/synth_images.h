#pragma once

#include <cstdint>

#include "linnet/train/learner.h"

namespace linnet::test {

struct SynthImagesOptions {
  int64_t train = 1;  // pictures
  int64_t valid = 1;
  int64_t size = 8;     // pixels, square
  int64_t classes = 2;  // "class_0", "class_1" ...: each has a brightness of its own
  ItemTransforms item_tfms = {};
  LoaderOptions loader = {.bs = 4, .workers = 0};
};

/** Tiny pictures made by code with one class each, through image and category blocks. */
DataLoaders synth_images(const SynthImagesOptions& options = {});

/** A small convolutional network with BatchNorm and Dropout on synth_images. */
Learner synth_image_learner(LearnerOptions options = {},
                            const SynthImagesOptions& images = {.train = 16, .valid = 8});

/** The n-th of these pictures; its class is n % classes. */
Image synth_image(const SynthImagesOptions& options, int64_t n);

}  // namespace linnet::test
