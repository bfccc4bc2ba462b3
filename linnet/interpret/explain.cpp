#include "linnet/interpret/explain.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/enum_names.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/interpret/grad_cam.h"
#include "linnet/interpret/network_layers.h"
#include "linnet/interpret/show_batch.h"
#include "linnet/interpret/signed_image.h"
#include "linnet/plot/heat_overlay.h"
#include "linnet/plot/image_grid.h"

namespace linnet {

namespace {

constexpr const char* kExplainWhere = "explain";
constexpr int64_t kLastStage = NetworkLayers::kCount;
constexpr double kLinesScale = 0.995;  // share of the lines' pixels that are not cut to white

constexpr EnumNames<ExplainMethod, 3> kMethods{"method",
                                               {"grad-cam", "guided-grad-cam", "occlusion"}};

/** One output of a network: what is explained. */
struct Output {
  int64_t index = 0;
  std::string label;  // empty for a number
};

bool has_labels(Kind kind) { return kind == Kind::category || kind == Kind::categories; }

Output output_of(const Block& target, const torch::Tensor& probabilities,
                 const std::optional<std::string>& wanted) {
  const bool is_number = target->kind() == Kind::number && target->c() == 1;
  if (!has_labels(target->kind()) && !is_number) {
    throw UsageError(kExplainWhere,
                     fmt::format("there is none for targets of kind '{}'. Expected classes, "
                                 "labels or one number.",
                                 to_string(target->kind())));
  }
  if (is_number) {
    if (!wanted) return {};
    throw UsageError(kExplainWhere,
                     fmt::format("label: got '{}', but this model gives a number", *wanted));
  }
  std::vector<std::string> labels;
  for (const Label& label : target->vocab()) labels.push_back(label.text());
  const int64_t best = probabilities.argmax().item<int64_t>();
  if (!wanted) return {best, labels.at(static_cast<size_t>(best))};
  const auto at = std::find(labels.begin(), labels.end(), *wanted);
  if (at == labels.end()) throw UsageError(kExplainWhere, unknown_name("label", *wanted, labels));
  return {at - labels.begin(), *at};
}

Batch batch_of(const Learner& learn, const Value& source) {
  const auto loader =
      learn.dls().test_dl(std::vector<Dataset::Sources>{{source}}, {.bs = 1, .workers = 0});
  auto batch = loader->stream(0)->next();
  if (!batch) throw DataError(kExplainWhere, "there is no picture");
  if (batch->x.size() != 1 || batch->x[0].kind != Kind::image) {
    throw UsageError(kExplainWhere, "expected a model whose input is one picture");
  }
  return std::move(*batch);
}

// The largest is 255, what is not above 0 is 0.
Image heat_of(const torch::Tensor& map) {
  const double most = map.max().item<double>();
  return to_image((most > 0 ? map.clamp_min(0) / most : torch::zeros_like(map)).unsqueeze(0));
}

std::string predicted_text(const Learner& learn, const torch::Tensor& activated) {
  const auto& target = learn.dls().pipeline().target();
  if (target->kind() != Kind::categories) {
    return target->decode(learn.loss().decodes(activated)[0].cpu()).text();
  }
  const auto labels = target->decode(learn.loss().decodes(activated)[0].cpu()).text();
  return labels.empty() ? "none" : labels;
}

}  // namespace

const std::vector<std::string>& explain_method_names() {
  static const std::vector<std::string> names(kMethods.names.begin(), kMethods.names.end());
  return names;
}

ExplainMethod explain_method(std::string_view name) { return kMethods.value(name); }

Explanation explain(const Learner& learn, const Value& source, const ExplainOptions& options) {
  const auto& model = learn.network().module();
  if (model.is_training()) {
    throw UsageError(kExplainWhere, "the model is in training mode: ask after the fit");
  }
  const Batch batch = batch_of(learn, source);
  const auto x = batch.x[0].data.to(learn.device());
  const TensorFunction probabilities = [&](const torch::Tensor& in) {
    return learn.loss().activation(learn.network().forward({in}));
  };
  const auto activated = [&] {
    const torch::NoGradGuard no_grad;
    return probabilities(x).to(torch::kFloat).cpu();
  }();
  const auto& pipeline = learn.dls().pipeline();
  const Output output = output_of(pipeline.target(), activated[0], options.label);
  Explanation found{.predicted = predicted_text(learn, activated),
                    .label = output.label,
                    .probability = activated[0].flatten()[output.index].item<double>(),
                    .map = {},
                    .picture = cells_of(batch, pipeline, 1).at(0).picture,
                    .overlay = {},
                    .lines = {}};
  if (options.method == ExplainMethod::occlusion) {
    found.map = occlusion_map(probabilities, x, output.index, options.occlusion);
  } else {
    const NetworkLayers layers(model);
    const auto features = [&](const torch::Tensor& in) { return layers.output(kLastStage, in); };
    const auto scores = [&](const torch::Tensor& in) { return layers.scores(in); };
    const auto classes = torch::tensor({output.index});
    found.map =
        stretched_map(grad_cam(features, scores, x, classes), x.size(2), x.size(3))[0].cpu();
    if (options.method == ExplainMethod::guided_grad_cam) {
      const auto lines = guided_backpropagation(
          [&](const torch::Tensor& in) { return scores(features(in)); }, x, classes);
      found.lines = signed_image(lines[0].cpu() * found.map, kLinesScale);
    }
  }
  found.overlay = heat_overlay(found.picture, heat_of(found.map));
  return found;
}

Image Explanation::drawn() const {
  constexpr int64_t kLeast = 224, kMost = 1024;  // pixels, in which a title fits
  const auto explained =
      label.empty() ? "what speaks for more" : fmt::format("{}  {:.3f}", label, probability);
  std::vector<GridCell> cells = {{picture, "predicted: " + predicted}, {overlay, explained}};
  if (!lines.empty()) cells.push_back({lines, "guided"});
  return image_grid(
      cells, {.columns = static_cast<int64_t>(cells.size()),
              .cell = std::clamp(std::max(picture.height(), picture.width()), kLeast, kMost)});
}

}  // namespace linnet
