#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/nn/stack.h"

namespace linnet {

struct HeadOptions {
  std::vector<int64_t> lin_ftrs = {512};  // widths of the hidden layers
  std::vector<double> ps = {
      0.5};  // dropout before each linear layer; one number: half of it before the hidden ones
  bool pool = true;
  bool concat_pool = true;  // max and average side by side, else average alone
  bool first_bn = true;
  bool bn_final = false;
  bool lin_first = false;  // linear before norm and dropout
  std::optional<std::pair<double, double>> y_range = std::nullopt;
};

/** The layers from a body's channels to scores: pooling, then (norm, dropout, linear, ReLU) for
 * each hidden layer. features   channels of the body source     fastai 2.7 create_head (golden
 * head_and_model create_head_*)
 */
Stack create_head(int64_t features, int64_t n_out, const HeadOptions& options = {});

Json to_json(const HeadOptions& options);
HeadOptions head_from_json(const Json& json);

}  // namespace linnet
