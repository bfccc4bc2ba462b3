#include "linnet/nn/losses/flat.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "linnet/core/error.h"

namespace linnet::detail {
namespace {

std::string shape(const torch::Tensor& tensor) {
  return tensor.dim() == 0 ? "scalar" : fmt::format("{}", fmt::join(tensor.sizes(), "x"));
}

void require_items(std::string_view loss, const torch::Tensor& target) {
  if (target.numel() == 0)
    throw UsageError(loss, "rows: got 0, expected at least 1. The batch is empty.");
}

std::vector<int64_t> sizes_above_one(torch::IntArrayRef sizes) {
  std::vector<int64_t> kept;
  std::ranges::copy_if(sizes, std::back_inserter(kept), [](int64_t size) { return size != 1; });
  return kept;
}

/** Whether target has the shape of pred without its classes; axes of size 1 may be missing or more,
 * and a flat target will do where the order of items is plain. */
bool same_items(const torch::Tensor& pred, const torch::Tensor& target, int64_t axis) {
  if (pred.numel() / pred.size(axis) != target.numel()) return false;
  const bool last = axis == -1 || axis == pred.dim() - 1;
  if (target.dim() == 1 && last) return true;
  return sizes_above_one(pred.select(axis, 0).sizes()) == sizes_above_one(target.sizes());
}

void require_class_numbers(const ClassTargets& in, int64_t classes) {
  if (!in.target.device().is_cpu()) return;  // looking would stop the device's queue at every batch
  const torch::Tensor numbers = in.target.to(torch::kLong);
  const torch::Tensor bad =
      numbers.lt(0).logical_or(numbers.ge(classes)).logical_and(numbers.ne(in.ignore_index));
  if (!bad.any().item<bool>()) return;
  const auto index = bad.reshape(-1).to(torch::kInt).argmax().item<int64_t>();
  throw UsageError(
      in.loss,
      fmt::format(
          "target: got class {} at item {}, expected 0 to {}, as pred has {} classes. Does the "
          "model's last layer have as many outputs as there are labels?",
          numbers.reshape(-1)[index].item<int64_t>(), index, classes - 1, classes));
}

}  // namespace

void check_classes(const ClassTargets& in) {
  const auto& [loss, pred, target, axis, ignore_index] = in;
  if (pred.dim() < 1 || axis < -pred.dim() || axis >= pred.dim()) {
    throw UsageError(
        loss, fmt::format("pred: got shape {}, expected classes at axis {}", shape(pred), axis));
  }
  require_items(loss, target);
  const int64_t classes = pred.size(axis);
  if (classes == 0 || !same_items(pred, target, axis)) {
    throw UsageError(
        loss,
        fmt::format(
            "target: got shape {}, expected one class number for each item of pred, of shape {} "
            "with the {} classes at axis {}",
            shape(target), shape(pred), classes, axis));
  }
  if (!torch::isIntegralType(target.scalar_type(), /*includeBool=*/true)) {
    throw UsageError(loss,
                     fmt::format("target: got dtype {}, expected class numbers of an integer dtype",
                                 torch::toString(target.scalar_type())));
  }
  require_class_numbers(in, classes);
}

std::pair<torch::Tensor, torch::Tensor> flatten_classes(const ClassTargets& in) {
  check_classes(in);
  // The classes' axis is swapped with the last, not moved: fastai does so, and Reduction::none
  // shows the order of items.
  const auto flat = [&](const torch::Tensor& values) {
    return values.transpose(in.axis, -1).reshape(-1);
  };
  const int64_t classes = in.pred.size(in.axis);
  const torch::Tensor target =
      in.target.reshape(in.pred.select(in.axis, 0).sizes()).unsqueeze(in.axis);
  return {flat(in.pred).view({-1, classes}), flat(target).to(torch::kLong)};
}

std::pair<torch::Tensor, torch::Tensor> flatten_numbers(std::string_view loss,
                                                        const torch::Tensor& pred,
                                                        const torch::Tensor& target) {
  if (pred.numel() != target.numel()) {
    throw UsageError(
        loss, fmt::format("target: got shape {}, expected as many numbers as pred, of shape {}",
                          shape(target), shape(pred)));
  }
  require_items(loss, target);
  return {pred.reshape(-1), target.reshape(-1).to(pred.scalar_type())};
}

int64_t at_reduction(Reduction reduction) {
  switch (reduction) {
    case Reduction::mean:
      return at::Reduction::Mean;
    case Reduction::sum:
      return at::Reduction::Sum;
    case Reduction::none:
      break;
  }
  return at::Reduction::None;
}

torch::Tensor reduce(const torch::Tensor& losses, Reduction reduction) {
  if (reduction == Reduction::none) return losses;
  return reduction == Reduction::mean ? losses.mean() : losses.sum();
}

c10::optional<torch::Tensor> on_device_of(const torch::Tensor& weight, const torch::Tensor& pred) {
  if (!weight.defined()) return c10::nullopt;
  return weight.to(pred.device(), pred.scalar_type());
}

Json weight_to_json(const torch::Tensor& weight) {
  if (!weight.defined()) return nullptr;
  const torch::Tensor numbers = weight.to(torch::kCPU, torch::kDouble).contiguous();
  return Json::array(std::vector<double>(numbers.data_ptr<double>(),
                                         numbers.data_ptr<double>() + numbers.numel()));
}

torch::Tensor weight_from_json(const Json& config, std::string_view name) {
  const Json* weight = config.find(name);
  if (weight == nullptr || weight->is_null()) return {};
  return torch::tensor(weight->as_doubles(), torch::kFloat);
}

int64_t config_int(const Json& config, std::string_view name, int64_t otherwise) {
  const Json* value = config.find(name);
  return value == nullptr ? otherwise : value->as_int();
}

double config_double(const Json& config, std::string_view name, double otherwise) {
  const Json* value = config.find(name);
  return value == nullptr ? otherwise : value->as_double();
}

bool config_bool(const Json& config, std::string_view name, bool otherwise) {
  const Json* value = config.find(name);
  return value == nullptr ? otherwise : value->as_bool();
}

}  // namespace linnet::detail
