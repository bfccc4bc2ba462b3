#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/nn/modules/conv.h>
#include <torch/utils.h>

#include <map>

#include "linnet/nn/forward_observer.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

constexpr size_t kWidth = 76;

struct Layer {
  std::string type;
  std::string shape;  // of its output; empty when not known
  int64_t params = 0;
  bool trains = false;
};

// "Conv2d" for torch::nn::Conv2dImpl.
std::string type_of(const torch::nn::Module& module) {
  std::string name = module.name();
  name = name.substr(name.rfind(':') + 1);
  return name.ends_with("Impl") ? name.substr(0, name.size() - 4) : name;
}

// One item's sizes behind the number of items.
std::string shape_text(const torch::Tensor& tensor, int64_t items) {
  if (tensor.dim() == 0) return fmt::format("{}", items);
  auto sizes = tensor.sizes().vec();
  sizes[0] = items;
  return fmt::format("{}", fmt::join(sizes, " x "));
}

std::string with_commas(int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<size_t>(at), ",");
  }
  return text;
}

std::vector<Layer> layers_of(const torch::nn::Module& model,
                             const std::map<const torch::nn::Module*, std::string>& shapes) {
  std::vector<Layer> layers;
  for (const auto& module : model.modules()) {
    const auto parameters = module->parameters(/*recurse=*/false);
    if (!module->children().empty() && parameters.empty()) continue;
    Layer layer{.type = type_of(*module), .shape = {}};
    if (const auto found = shapes.find(module.get()); found != shapes.end())
      layer.shape = found->second;
    for (const auto& parameter : parameters) layer.params += parameter.numel();
    layer.trains = !parameters.empty() && parameters[0].requires_grad();
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::string table_of(const std::vector<Layer>& layers) {
  const std::string bar(kWidth, '=');
  std::string text = fmt::format("{0}\n{1:<20} {2:<20} {3:<10} {4:<10}\n{0}\n", bar, "Layer (type)",
                                 "Output Shape", "Param #", "Trainable");
  std::string last;
  for (const Layer& layer : layers) {
    if (!layer.shape.empty() && layer.shape != last) {
      if (!last.empty()) text += std::string(kWidth, '_') + '\n';
      text += fmt::format("{:<20} {:<20}\n", "", layer.shape);
      last = layer.shape;
    }
    text += layer.params > 0 ? fmt::format("{:<20} {:<20} {:<10} {:<10}\n", layer.type, "",
                                           layer.params, layer.trains ? "True" : "False")
                             : layer.type + '\n';
  }
  return text + std::string(kWidth, '_') + '\n';
}

}  // namespace

std::string Learner::summary() const {
  const LearnerLock::Predicting predicting(*lock_, "Learner::summary");
  const auto& module = network_.module();
  std::map<const torch::nn::Module*, std::string> shapes;
  std::string title = type_of(module);
  if (dls_.has_data()) {
    const torch::NoGradGuard no_grad;
    if (auto batch = dls_.valid().stream(0)->next()) {
      batch->to(device_);
      const int64_t items = batch->size();
      std::vector<std::string> inputs;
      for (Column& column : batch->x) {
        inputs.push_back(shape_text(column.data, items));
        column.data = column.data.slice(0, 0, 1);  // one item tells as much as all
      }
      title += fmt::format(" (Input shape: {})", fmt::join(inputs, ", "));
      const ForwardObserver observer(
          module, [&](const torch::nn::Module& layer, const torch::Tensor& output) {
            shapes[&layer] = shape_text(output, items);
          });
      network_.forward(tensors_of(batch->x));
    }
  }
  int64_t total = 0, trainable = 0;
  for (const auto& parameter : module.parameters()) {
    total += parameter.numel();
    if (parameter.requires_grad()) trainable += parameter.numel();
  }
  std::string text = title + '\n' + table_of(layers_of(module, shapes));
  text += fmt::format(
      "\nTotal params: {}\nTotal trainable params: {}\nTotal non-trainable params: {}\n",
      with_commas(total), with_commas(trainable), with_commas(total - trainable));
  if (opt_) text += fmt::format("\nOptimizer used: {}", opt_->name());
  text += fmt::format("\nLoss function: {}\n", loss_.name());
  if (opt_) {
    text += opt_->frozen_idx() == 0
                ? std::string("\nModel unfrozen\n")
                : fmt::format("\nModel frozen up to parameter group #{}\n", opt_->frozen_idx());
  }
  text += "\nCallbacks:\n";
  for (const auto& callback : callbacks_) text += fmt::format("  - {}\n", callback->name());
  return text;
}

}  // namespace linnet
