#pragma once

#include <torch/types.h>

#include <string_view>
#include <utility>

#include "linnet/nn/loss.h"

// Insides that losses share: flattening with checks, options to and from JSON.
namespace linnet::detail {

struct ClassTargets {
  std::string_view loss;
  const torch::Tensor& pred;
  const torch::Tensor& target;
  int64_t axis;          // of pred, where the classes are
  int64_t ignore_index;  // a target that is allowed beside 0 .. classes-1
};

/** UsageError for shapes that do not fit, 0 items, a target of a float dtype, or, on the CPU, one
 * that is no class number. */
void check_classes(const ClassTargets& in);

/** pred as (items, classes) and target as (items) int64, after check_classes. */
std::pair<torch::Tensor, torch::Tensor> flatten_classes(const ClassTargets& in);

/** pred and target as (items), target in pred's dtype. UsageError for other numbers of elements, or
 * 0. */
std::pair<torch::Tensor, torch::Tensor> flatten_numbers(std::string_view loss,
                                                        const torch::Tensor& pred,
                                                        const torch::Tensor& target);

int64_t at_reduction(Reduction reduction);
torch::Tensor reduce(const torch::Tensor& losses, Reduction reduction);

/** `weight` (may be undefined) where `pred` is. */
c10::optional<torch::Tensor> on_device_of(const torch::Tensor& weight, const torch::Tensor& pred);

Json weight_to_json(const torch::Tensor& weight);
torch::Tensor weight_from_json(const Json& config, std::string_view name = "weight");
int64_t config_int(const Json& config, std::string_view name, int64_t otherwise);
double config_double(const Json& config, std::string_view name, double otherwise);
bool config_bool(const Json& config, std::string_view name, bool otherwise);

}  // namespace linnet::detail
