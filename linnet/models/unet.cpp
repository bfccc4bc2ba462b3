#include "linnet/models/unet.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/utils.h>

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/models/res_block.h"
#include "linnet/models/unet_block.h"
#include "linnet/nn/forward_observer.h"
#include "linnet/nn/layers.h"
#include "linnet/nn/pixel_shuffle.h"

namespace linnet {

namespace nn = torch::nn;

namespace {

constexpr const char* kUnetWhere = "DynamicUnet";
constexpr size_t kAttentionFromEnd = 3;  // which block has the attention

// What the encoder's layers give for one picture: [1, channels, h, w] each.
std::vector<std::vector<int64_t>> sizes_in(Stack encoder, const ImageSize& size, int64_t channels) {
  const torch::NoGradGuard no_grad;
  const bool training = encoder->is_training();
  encoder->eval();
  std::vector<std::vector<int64_t>> sizes;
  auto x = torch::zeros({1, channels, size.height, size.width},
                        encoder->parameters().at(0).options().requires_grad(false));
  for (auto& layer : *encoder) {
    x = layer.forward(x);
    sizes.push_back(x.sizes().vec());
  }
  encoder->train(training);
  return sizes;
}

int64_t channels_of(const Stack& encoder) {
  for (const auto& parameter : encoder->parameters()) {
    if (parameter.dim() == 4) return parameter.size(1);
  }
  throw UsageError(kUnetWhere, "the encoder has no convolution");
}

// After which layers the width changes.
std::vector<int64_t> size_changes(const std::vector<std::vector<int64_t>>& sizes) {
  std::vector<int64_t> found;
  for (size_t i = 0; i + 1 < sizes.size(); ++i) {
    if (sizes[i].at(3) != sizes[i + 1].at(3)) found.push_back(static_cast<int64_t>(i));
  }
  if (found.empty()) {
    throw UsageError(kUnetWhere,
                     "the encoder does not change the pictures' size between its layers");
  }
  return found;
}

void check(int64_t n_out, const ImageSize& size) {
  if (n_out >= 1 && size.height >= 1 && size.width >= 1) return;
  throw UsageError(kUnetWhere,
                   fmt::format("got n_out {} and pictures of {} x {}, expected 1 or more "
                               "of each",
                               n_out, size.height, size.width));
}

// Tells a ForwardObserver of a layer as a Stack would.
torch::Tensor told(const nn::Module& layer, const torch::Tensor& out) {
  detail::tell_observer(layer, out);
  return out;
}

}  // namespace

/** What stands for a step without parameters in the list of layers, so that those after it have
 * fastai's numbers. */
class ResizeToOrigImpl : public nn::Module {
 public:
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& orig) {
    return detail::nearest_to(x, orig);
  }
};
TORCH_MODULE(ResizeToOrig);

class MergeLayerImpl : public nn::Module {
 public:
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& orig) {
    return torch::cat({x, orig}, 1);
  }
};
TORCH_MODULE(MergeLayer);

/** All behind the encoder, in the order of the list of layers. */
struct DynamicUnetImpl::Decoder {
  nn::BatchNorm2d norm = nullptr;
  nn::ReLU relu;
  Stack middle = nullptr;
  std::vector<detail::UnetBlock> blocks;
  PixelShuffleIcnr enlarge = nullptr;  // when the encoder's first layer makes pictures smaller
  ResizeToOrig resize;
  MergeLayer merge = nullptr;
  detail::ResBlock cross = nullptr;
  Stack scores = nullptr;
  SigmoidRange range = nullptr;
};

DynamicUnetImpl::DynamicUnetImpl(const Stack& encoder, int64_t n_out, const ImageSize& img_size,
                                 const UnetOptions& options)
    : encoder_(encoder), decoder_(std::make_unique<Decoder>()) {
  check(n_out, img_size);
  const int64_t channels = channels_of(encoder);
  const auto sizes = sizes_in(encoder, img_size, channels);
  skips_ = size_changes(sizes);
  const ConvLayerOptions conv{.norm = options.norm, .act = options.act};
  Decoder& d = *decoder_;

  int64_t width = sizes.back().at(1);
  d.norm = batch_norm_2d(width);
  d.middle = Stack(conv_layer(width, 2 * width, conv), conv_layer(2 * width, width, conv));
  init_convolutions(*d.middle);
  nn::ModuleList layers;
  layers->push_back(encoder_);
  layers->push_back(d.norm);
  layers->push_back(d.relu);
  layers->push_back(d.middle);
  for (size_t i = 0; i < skips_.size(); ++i) {
    const bool last = i + 1 == skips_.size();
    const auto skip = static_cast<size_t>(skips_[skips_.size() - 1 - i]);
    const detail::UnetBlock block(
        width, sizes[skip].at(1),
        detail::UnetBlockOptions{
            .last = last,
            .blur = options.blur && (!last || options.blur_final),
            .self_attention = options.self_attention && i + kAttentionFromEnd == skips_.size(),
            .conv = conv});
    width = block->channels();
    d.blocks.push_back(block);
    layers->push_back(block);
  }
  if (sizes[0].at(2) != img_size.height || sizes[0].at(3) != img_size.width) {
    d.enlarge = PixelShuffleIcnr(width, width,
                                 PixelShuffleOptions{.norm = options.norm, .act = options.act});
    layers->push_back(d.enlarge);
  }
  layers->push_back(d.resize);
  if (options.last_cross) {
    d.merge = MergeLayer();
    layers->push_back(d.merge);
    const int64_t out = options.bottle ? (width + channels) / 2 : width + channels;
    d.cross = detail::ResBlock(width + channels, out, conv);
    init_convolutions(*d.cross);
    layers->push_back(d.cross);
    width = out;
  }
  d.scores = conv_layer(width, n_out, {.ks = 1, .norm = options.norm, .act = Activation::none});
  layers->push_back(d.scores);
  if (options.y_range) {
    d.range = SigmoidRange(options.y_range->first, options.y_range->second);
    layers->push_back(d.range);
  }
  register_module("layers", layers);
}

DynamicUnetImpl::~DynamicUnetImpl() = default;

torch::Tensor DynamicUnetImpl::encode(const torch::Tensor& x, std::vector<torch::Tensor>& skips) {
  auto out = x;
  int64_t position = 0;
  for (auto& layer : *encoder_) {
    out = told(*layer.ptr(), layer.forward(out));
    if (std::find(skips_.begin(), skips_.end(), position) != skips_.end()) skips.push_back(out);
    ++position;
  }
  return told(*encoder_, out);
}

torch::Tensor DynamicUnetImpl::forward(const torch::Tensor& x) {
  std::vector<torch::Tensor> skips;
  Decoder& d = *decoder_;
  auto out = encode(x, skips);
  out = told(*d.norm, d.norm->forward(out));
  out = told(*d.relu, d.relu->forward(out));
  out = told(*d.middle, d.middle->forward(out));
  for (auto& block : d.blocks) {
    out = told(*block, block->forward(out, skips.back()));
    skips.pop_back();
  }
  if (d.enlarge) out = told(*d.enlarge, d.enlarge->forward(out));
  out = told(*d.resize, d.resize->forward(out, x));
  if (d.cross) {
    out = told(*d.merge, d.merge->forward(out, x));
    out = told(*d.cross, d.cross->forward(out));
  }
  out = told(*d.scores, d.scores->forward(out));
  return d.range ? told(*d.range, d.range->forward(out)) : out;
}

FoldedForward DynamicUnetImpl::folded(torch::ScalarType dtype) const {
  const Decoder& d = *decoder_;
  const auto encoder = folded_layers(*encoder_, dtype);
  std::vector<decltype(d.blocks[0]->folded(dtype))> blocks;
  for (const auto& block : d.blocks) blocks.push_back(block->folded(dtype));
  const auto middle = folded_stack(*d.middle, dtype), scores = folded_stack(*d.scores, dtype);
  const FoldedForward enlarge = d.enlarge ? folded_stack(*d.enlarge, dtype) : nullptr;
  const FoldedForward cross = d.cross ? d.cross->folded(dtype) : nullptr;
  return [encoder, blocks, middle, scores, enlarge, cross, norm = d.norm, range = d.range,
          at = skips_](const torch::Tensor& x) mutable {
    std::vector<torch::Tensor> skips;
    auto out = x;
    for (const FoldedLayer& layer : encoder) {  // a size never changes in the midst of one
      out = layer.forward(out);
      if (std::find(at.begin(), at.end(), layer.last) != at.end()) skips.push_back(out);
    }
    out = middle(norm->forward(out.to(torch::kFloat)).relu_());
    for (const auto& block : blocks) {
      out = block(out, skips.back());
      skips.pop_back();
    }
    if (enlarge) out = enlarge(out);
    out = detail::nearest_to(out.to(torch::kFloat), x);
    if (cross) out = cross(torch::cat({out, x}, 1));
    out = scores(out).to(torch::kFloat);
    return range ? range->forward(out) : out;
  };
}

std::vector<std::vector<torch::Tensor>> unet_groups(const nn::Module& unet,
                                                    const ModelEntry& arch) {
  const auto layers = unet.children().at(0)->children();
  std::vector<std::vector<torch::Tensor>> groups(3);
  const auto add = [](std::vector<torch::Tensor>& group, const nn::Module& layer) {
    for (const auto& parameter : layer.parameters()) group.push_back(parameter);
  };
  int64_t position = 0;
  for (const auto& layer : layers.at(0)->children()) {
    add(groups[position++ < arch.split ? 0 : 1], *layer);
  }
  for (size_t i = 1; i < layers.size(); ++i) add(groups[2], *layers[i]);
  return groups;
}

Json to_json(const UnetOptions& options) {
  Json json{{"blur", options.blur},
            {"blur_final", options.blur_final},
            {"self_attention", options.self_attention},
            {"last_cross", options.last_cross},
            {"bottle", options.bottle},
            {"act", kActivations.name(options.act)},
            {"norm", kNormTypes.name(options.norm)}};
  if (options.y_range)
    json["y_range"] = Json(Json::Array{options.y_range->first, options.y_range->second});
  return json;
}

UnetOptions unet_from_json(const Json& json) {
  UnetOptions options;
  options.blur = json.at("blur").as_bool();
  options.blur_final = json.at("blur_final").as_bool();
  options.self_attention = json.at("self_attention").as_bool();
  options.last_cross = json.at("last_cross").as_bool();
  options.bottle = json.at("bottle").as_bool();
  options.act = kActivations.value(json.at("act").as_string());
  options.norm = kNormTypes.value(json.at("norm").as_string());
  if (const Json* range = json.find("y_range")) {
    const auto bounds = range->as_doubles();
    options.y_range = {bounds.at(0), bounds.at(1)};
  }
  return options;
}

}  // namespace linnet
