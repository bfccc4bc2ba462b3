#pragma once

#include <torch/types.h>

#include <string>
#include <string_view>

namespace linnet::detail {

/** "3x4", or "scalar". */
std::string shape_text(const torch::Tensor& tensor);

/** UsageError unless `pred` has one more axis than `target`, the classes at `axis`, and else as
 * many rows; target is of an integer dtype. A target (rows, 1) for a pred (rows, classes) is let
 * through, as in fastai. */
void require_classes(std::string_view metric, const torch::Tensor& pred,
                     const torch::Tensor& target, int64_t axis);

/** The class with the largest score along `axis`, checked by require_classes. The first of equal
 * ones on the CPU. */
torch::Tensor argmax_like(std::string_view metric, const torch::Tensor& pred,
                          const torch::Tensor& target, int64_t axis);

/** Which labels are decided for, bool (rows, labels): where pred, or its sigmoid, is above
 * `thresh`. UsageError unless pred and target are both (rows, labels). */
torch::Tensor decided_labels(std::string_view metric, const torch::Tensor& pred,
                             const torch::Tensor& target, double thresh, bool sigmoid);

/** UsageError unless both are (rows, labels) of one shape. */
void require_labels(std::string_view metric, const torch::Tensor& pred,
                    const torch::Tensor& target);

/** UsageError unless both have as many elements. */
void require_same_numel(std::string_view metric, const torch::Tensor& pred,
                        const torch::Tensor& target);

}  // namespace linnet::detail
