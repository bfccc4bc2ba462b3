
#include "support/colour_learner.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>
#include <torch/utils.h>

#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/image.h"
#include "linnet/nn/stack.h"

namespace linnet::test {

Image picture_of(const Dot& dot) {
  Image image(kDotsHeight, kDotsWidth, 3);
  image.at(dot.row, dot.column, dot.colour) = dot.brightness;
  return image;
}

/** A network of a stem and four stages that sees colour: channel 0 gives how red each pixel is, 1
 * never fires, 2 gives how blue it is. Its classes are "blue" and "red"; the score of each is so
 * many times the mean of its channel. */
Learner colour_learner() {
  namespace nn = torch::nn;
  const torch::NoGradGuard no_grad;
  nn::Conv2d conv(nn::Conv2dOptions(3, 3, 3).padding(1).bias(false));
  conv->weight.zero_();
  conv->weight[0][0][1][1] = 1;
  conv->weight[1][1].fill_(-1);
  conv->weight[2][2][1][1] = 1;
  Stack body(conv, nn::ReLU());
  for (int i = 0; i < 4; ++i) body->push_back(Stack(nn::ReLU()));
  nn::Linear linear(3, 2);
  linear->weight.zero_();
  linear->bias.zero_();
  linear->weight[1][0] = 2000;
  linear->weight[0][2] = 2000;
  const Stack head(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions(1)), nn::Flatten(), linear);
  const Pipeline pipeline({.blocks = {ImageBlock(), CategoryBlock({.vocab = {"blue", "red"}})}});
  return Learner(DataLoaders::without_data(pipeline), Stack(body, head));
}

}  // namespace linnet::test
