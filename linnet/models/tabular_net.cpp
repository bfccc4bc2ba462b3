#include "linnet/models/tabular_net.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/nn/layers.h"
#include "linnet/nn/small_embedding.h"

namespace linnet {

namespace nn = torch::nn;

namespace {

constexpr const char* kTabularNetWhere = "TabularModel";
constexpr double kNormBias = 1e-3;  // fastai starts a hidden norm's bias there

void check_size(const char* what, int64_t got, int64_t least) {
  if (got >= least) return;
  throw UsageError(kTabularNetWhere,
                   fmt::format("{}: got {}, expected {} or more", what, got, least));
}

void check_range(double low, double high) {
  const bool finite = std::isfinite(low) && std::isfinite(high);
  if (low < high && finite) return;
  throw UsageError(kTabularNetWhere,
                   fmt::format("y_range: got {} to {}, expected {}", low, high,
                               low < high ? "finite numbers" : "the lower number first"));
}

void check(const TabularSizes& sizes) {
  for (const auto& [values, width] : sizes.emb_szs) {
    check_size("values of a category", values, 1);
    check_size("width of an embedding", width, 1);
  }
  for (const int64_t width : sizes.layers) check_size("width of a layer", width, 1);
  check_size("n_cont", sizes.n_cont, 0);
  check_size("out_sz", sizes.out_sz, 1);
  if (sizes.emb_szs.empty() && sizes.n_cont == 0) {
    throw UsageError(kTabularNetWhere, "got neither categories nor numbers");
  }
  if (sizes.y_range) check_range(sizes.y_range->first, sizes.y_range->second);
}

struct LayerSizes {
  int64_t in, out;
  double p = 0;
  bool bn = false;
  bool relu = false;
};

// fastai's LinBnDrop.
Stack lin_bn_drop(const LayerSizes& sizes, bool lin_first) {
  Stack layer;
  const auto add_linear = [&] {
    layer->push_back(nn::Linear(nn::LinearOptions(sizes.in, sizes.out).bias(!sizes.bn)));
    if (sizes.relu) layer->push_back(nn::ReLU(nn::ReLUOptions(true)));
  };
  if (lin_first) add_linear();
  if (sizes.bn) {
    nn::BatchNorm1d norm(lin_first ? sizes.out : sizes.in);
    const torch::NoGradGuard no_grad;
    norm->bias.fill_(kNormBias);
    layer->push_back(norm);
  }
  if (sizes.p > 0) layer->push_back(nn::Dropout(sizes.p));
  if (!lin_first) add_linear();
  return layer;
}

std::vector<double> dropouts(const TabularConfig& config, size_t layers) {
  if (config.ps.size() == 1) return std::vector<double>(layers, config.ps[0]);
  if (config.ps.size() == layers) return config.ps;
  throw UsageError(kTabularNetWhere,
                   fmt::format("ps: got {} dropouts, expected 1 or {}, one for each hidden layer",
                               config.ps.size(), layers));
}

}  // namespace

TabularModelImpl::TabularModelImpl(const TabularSizes& sizes, const TabularConfig& config)
    : n_cont_(sizes.n_cont) {
  check(sizes);
  const auto ps = dropouts(config, sizes.layers.size());
  int64_t width = n_cont_;
  for (const auto& [values, columns] : sizes.emb_szs) {
    embeds_->push_back(small_embedding(values, columns));
    width += columns;
  }
  register_module("embeds", embeds_);
  emb_drop_ = register_module("emb_drop", nn::Dropout(config.embed_p));
  if (config.bn_cont) bn_cont_ = register_module("bn_cont", nn::BatchNorm1d(n_cont_));
  for (size_t i = 0; i < sizes.layers.size(); ++i) {
    layers_->push_back(lin_bn_drop(
        {.in = width, .out = sizes.layers[i], .p = ps[i], .bn = config.use_bn, .relu = true},
        config.lin_first));
    width = sizes.layers[i];
  }
  layers_->push_back(
      lin_bn_drop({.in = width, .out = sizes.out_sz, .bn = config.use_bn && config.bn_final},
                  config.lin_first));
  if (sizes.y_range) layers_->push_back(SigmoidRange(sizes.y_range->first, sizes.y_range->second));
  register_module("layers", layers_);
}

torch::Tensor TabularModelImpl::forward(const torch::Tensor& x_cat, const torch::Tensor& x_cont) {
  std::vector<torch::Tensor> parts;
  if (!embeds_->is_empty()) {
    std::vector<torch::Tensor> embedded;
    for (size_t i = 0; i < embeds_->size(); ++i) {
      embedded.push_back(
          embeds_[i]->as<nn::Embedding>()->forward(x_cat.select(1, static_cast<int64_t>(i))));
    }
    parts.push_back(emb_drop_(torch::cat(embedded, 1)));
  }
  if (n_cont_ > 0) parts.push_back(bn_cont_.is_empty() ? x_cont : bn_cont_(x_cont));
  return layers_->forward(parts.size() == 1 ? parts[0] : torch::cat(parts, 1));
}

int64_t emb_sz_rule(int64_t n_cat) {
  // Half to even, as Python rounds, by the default rounding mode.
  const double width = std::nearbyint(1.6 * std::pow(static_cast<double>(n_cat), 0.56));
  return std::min<int64_t>(600, static_cast<int64_t>(width));
}

Json to_json(const TabularSizes& sizes) {
  Json emb_szs(Json::Array{});
  for (const auto& [values, width] : sizes.emb_szs) {
    emb_szs.push_back(Json(Json::Array{values, width}));
  }
  Json json{{"emb_szs", emb_szs},
            {"n_cont", sizes.n_cont},
            {"out_sz", sizes.out_sz},
            {"layers", Json::array(sizes.layers)}};
  if (sizes.y_range) {
    json["y_range"] = Json(Json::Array{sizes.y_range->first, sizes.y_range->second});
  }
  return json;
}

TabularSizes tabular_sizes_from_json(const Json& json) {
  TabularSizes sizes{.emb_szs = {},
                     .n_cont = json.at("n_cont").as_int(),
                     .out_sz = json.at("out_sz").as_int(),
                     .layers = json.at("layers").as_ints()};
  for (const Json& pair : json.at("emb_szs").as_array()) {
    const auto numbers = pair.as_ints();
    sizes.emb_szs.emplace_back(numbers.at(0), numbers.at(1));
  }
  if (const Json* range = json.find("y_range")) {
    const auto bounds = range->as_doubles();
    sizes.y_range = {bounds.at(0), bounds.at(1)};
  }
  return sizes;
}

Json to_json(const TabularConfig& config) {
  return Json{{"ps", Json::array(config.ps)}, {"embed_p", config.embed_p},
              {"use_bn", config.use_bn},      {"bn_final", config.bn_final},
              {"bn_cont", config.bn_cont},    {"lin_first", config.lin_first}};
}

TabularConfig tabular_config_from_json(const Json& json) {
  return {.ps = json.at("ps").as_doubles(),
          .embed_p = json.at("embed_p").as_double(),
          .use_bn = json.at("use_bn").as_bool(),
          .bn_final = json.at("bn_final").as_bool(),
          .bn_cont = json.at("bn_cont").as_bool(),
          .lin_first = json.at("lin_first").as_bool()};
}

}  // namespace linnet
