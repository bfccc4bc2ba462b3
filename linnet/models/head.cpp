#include "linnet/models/head.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>
#include <torch/utils.h>

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/nn/layers.h"

namespace linnet {

namespace nn = torch::nn;

namespace {

// fastai starts a hidden norm's bias at 1e-3, not at 0; that of bn_final is PyTorch's own.
nn::BatchNorm1d batch_norm(int64_t features) {
  nn::BatchNorm1d layer(features);
  const torch::NoGradGuard no_grad;
  layer->bias.fill_(1e-3);
  return layer;
}

nn::Linear linear(int64_t in, int64_t out, bool bias) {
  nn::Linear layer(nn::LinearOptions(in, out).bias(bias));
  nn::init::kaiming_normal_(layer->weight);
  const torch::NoGradGuard no_grad;
  if (bias) layer->bias.zero_();
  return layer;
}

std::vector<double> dropouts(const HeadOptions& options) {
  if (options.ps.size() == 1) {
    std::vector<double> ps(options.lin_ftrs.size(), options.ps[0] / 2);
    ps.push_back(options.ps[0]);
    return ps;
  }
  if (options.ps.size() != options.lin_ftrs.size() + 1) {
    throw UsageError("create_head", fmt::format("ps: got {} dropouts, expected 1 or {}",
                                                options.ps.size(), options.lin_ftrs.size() + 1));
  }
  return options.ps;
}

// Norm, dropout and linear, or the linear layer and its activation first.
void add_linear(Stack& head, int64_t in, int64_t out, double p, bool bn, bool relu,
                bool lin_first) {
  const auto add_lin = [&] {
    head->push_back(linear(in, out, !bn));
    if (relu) head->push_back(nn::ReLU(nn::ReLUOptions(true)));
  };
  if (lin_first) add_lin();
  if (bn) head->push_back(batch_norm(lin_first ? out : in));
  if (p > 0) head->push_back(nn::Dropout(p));
  if (!lin_first) add_lin();
}

}  // namespace

Stack create_head(int64_t features, int64_t n_out, const HeadOptions& options) {
  if (n_out < 1)
    throw UsageError("create_head", fmt::format("n_out: got {}, expected 1 or more", n_out));
  const auto ps = dropouts(options);
  std::vector<int64_t> sizes = {features * (options.pool && options.concat_pool ? 2 : 1)};
  sizes.insert(sizes.end(), options.lin_ftrs.begin(), options.lin_ftrs.end());
  sizes.push_back(n_out);

  Stack head;
  if (options.pool) {
    if (options.concat_pool) {
      head->push_back(AdaptiveConcatPool2d());
    } else {
      head->push_back(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions(1)));
    }
    head->push_back(nn::Flatten());
  }
  if (options.lin_first) head->push_back(nn::Dropout(ps[0]));
  const size_t last = sizes.size() - 2;
  for (size_t i = 0; i <= last; ++i) {
    const bool first_or_later = i > 0 || options.first_bn;
    const bool bn = options.lin_first ? i < last : first_or_later;
    const double p = options.lin_first ? (i < last ? ps[i + 1] : 0) : ps[i];
    add_linear(head, sizes[i], sizes[i + 1], p, bn, i < last, options.lin_first);
  }
  if (options.bn_final)
    head->push_back(nn::BatchNorm1d(nn::BatchNorm1dOptions(n_out).momentum(0.01)));
  if (options.y_range)
    head->push_back(SigmoidRange(options.y_range->first, options.y_range->second));
  return head;
}

Json to_json(const HeadOptions& options) {
  Json json{{"lin_ftrs", Json::array(options.lin_ftrs)},
            {"ps", Json::array(options.ps)},
            {"pool", options.pool},
            {"concat_pool", options.concat_pool},
            {"first_bn", options.first_bn},
            {"bn_final", options.bn_final},
            {"lin_first", options.lin_first}};
  if (options.y_range)
    json["y_range"] = Json(Json::Array{options.y_range->first, options.y_range->second});
  return json;
}

HeadOptions head_from_json(const Json& json) {
  HeadOptions options{.lin_ftrs = json.at("lin_ftrs").as_ints(),
                      .ps = json.at("ps").as_doubles(),
                      .pool = json.at("pool").as_bool(),
                      .concat_pool = json.at("concat_pool").as_bool(),
                      .first_bn = json.at("first_bn").as_bool(),
                      .bn_final = json.at("bn_final").as_bool(),
                      .lin_first = json.at("lin_first").as_bool()};
  if (const Json* range = json.find("y_range")) {
    const auto bounds = range->as_doubles();
    options.y_range = {bounds.at(0), bounds.at(1)};
  }
  return options;
}

}  // namespace linnet
