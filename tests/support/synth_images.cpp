#include "support/synth_images.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>

#include <string>

#include "linnet/core/random.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/nn/stack.h"

namespace linnet::test {

Image synth_image(const SynthImagesOptions& options, int64_t n) {
  Image image(options.size, options.size, 3);
  Generator random({7, static_cast<uint64_t>(n)});
  const int64_t brightness = 255 * (n % options.classes) / options.classes;
  for (int64_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<uint8_t>(brightness + random.integer(255 / options.classes));
  }
  return image;
}

DataLoaders synth_images(const SynthImagesOptions& options) {
  std::vector<Label> vocab;
  for (int64_t c = 0; c < options.classes; ++c) vocab.emplace_back("class_" + std::to_string(c));
  const auto items = [&](int64_t first, int64_t count) {
    std::vector<Dataset::Sources> rows;
    for (int64_t n = first; n < first + count; ++n) {
      rows.push_back({synth_image(options, n), vocab[static_cast<size_t>(n % options.classes)]});
    }
    return Dataset(std::move(rows));
  };
  Pipeline pipeline(
      {.blocks = {ImageBlock(), CategoryBlock({.vocab = vocab})}, .item_tfms = options.item_tfms});
  return {items(0, options.train), items(options.train, options.valid), std::move(pipeline),
          options.loader};
}

Learner synth_image_learner(LearnerOptions options, const SynthImagesOptions& images) {
  namespace nn = torch::nn;
  Stack model(nn::Conv2d(nn::Conv2dOptions(3, 8, 3).padding(1)), nn::BatchNorm2d(8), nn::ReLU(),
              nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions(2)), nn::Flatten(),
              nn::Dropout(0.1), nn::Linear(32, images.classes));
  return Learner(synth_images(images), model, std::move(options));
}

}  // namespace linnet::test
