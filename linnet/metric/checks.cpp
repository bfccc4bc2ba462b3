#include "linnet/metric/checks.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet::detail {

std::string shape_text(const torch::Tensor& tensor) {
  return tensor.dim() == 0 ? "scalar" : fmt::format("{}", fmt::join(tensor.sizes(), "x"));
}

void require_classes(std::string_view metric, const torch::Tensor& pred,
                     const torch::Tensor& target, int64_t axis) {
  if (pred.dim() < 1 || axis < -pred.dim() || axis >= pred.dim()) {
    throw UsageError(metric, fmt::format("pred: got shape {}, expected classes at axis {}",
                                         shape_text(pred), axis));
  }
  const int64_t classes = pred.size(axis);
  if (classes == 0 || pred.numel() / classes != target.numel() ||
      pred.size(0) != (target.dim() ? target.size(0) : 1)) {
    throw UsageError(
        metric,
        fmt::format(
            "target: got shape {}, expected one class number for each row of pred, of shape "
            "{} with the {} classes at axis {}",
            shape_text(target), shape_text(pred), classes, axis));
  }
  if (!torch::isIntegralType(target.scalar_type(), /*includeBool=*/true)) {
    throw UsageError(metric,
                     fmt::format("target: got dtype {}, expected class numbers of an integer dtype",
                                 torch::toString(target.scalar_type())));
  }
}

torch::Tensor argmax_like(std::string_view metric, const torch::Tensor& pred,
                          const torch::Tensor& target, int64_t axis) {
  require_classes(metric, pred, target, axis);
  return pred.argmax(axis);
}

void require_labels(std::string_view metric, const torch::Tensor& pred,
                    const torch::Tensor& target) {
  if (pred.dim() != 2 || pred.sizes() != target.sizes()) {
    throw UsageError(
        metric, fmt::format("target: got shape {} for pred of shape {}, expected rows x labels "
                            "for both",
                            shape_text(target), shape_text(pred)));
  }
}

torch::Tensor decided_labels(std::string_view metric, const torch::Tensor& pred,
                             const torch::Tensor& target, double thresh, bool sigmoid) {
  require_labels(metric, pred, target);
  return (sigmoid ? pred.sigmoid() : pred).gt(thresh);
}

void require_same_numel(std::string_view metric, const torch::Tensor& pred,
                        const torch::Tensor& target) {
  if (pred.numel() != target.numel()) {
    throw UsageError(
        metric, fmt::format("target: got shape {}, expected as many numbers as pred, of shape {}",
                            shape_text(target), shape_text(pred)));
  }
}

}  // namespace linnet::detail
