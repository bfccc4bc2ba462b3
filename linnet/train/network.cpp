#include "linnet/train/network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace linnet {

std::string shapes_of(const std::vector<torch::Tensor>& tensors) {
  std::vector<std::string> shapes;
  for (const auto& tensor : tensors)
    shapes.push_back(fmt::format("[{}]", fmt::join(tensor.sizes(), ", ")));
  return fmt::format("{}", fmt::join(shapes, ", "));
}

void refuse_inputs(const std::vector<torch::Tensor>& inputs, std::string_view why) {
  throw UsageError("Learner",
                   fmt::format("the model does not take inputs {}: {}", shapes_of(inputs), why));
}

torch::Tensor Network::forward(const std::vector<torch::Tensor>& inputs) const try {
  return forward_(inputs);
} catch (const c10::Error& e) {
  refuse_inputs(inputs, e.what_without_backtrace());
}

}  // namespace linnet
