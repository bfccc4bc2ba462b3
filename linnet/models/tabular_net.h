#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/dropout.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/nn/stack.h"

namespace linnet {

/** How a TabularModel is built, apart from its sizes. source  fastai 2.7 tabular_config */
struct TabularConfig {
  std::vector<double> ps = {0};  // dropout after each hidden layer; one number: of all
  double embed_p = 0;            // dropout on the embeddings
  bool use_bn = true;            // BatchNorm in the hidden layers
  bool bn_final = false;         // and on the outputs
  bool bn_cont = true;           // and on the numbers that come in
  bool lin_first = true;         // linear, ReLU, norm, dropout; else norm, dropout, linear, ReLU
};

/** The sizes of a TabularModel. */
struct TabularSizes {
  std::vector<std::pair<int64_t, int64_t>> emb_szs;  // of each category: values, width
  int64_t n_cont = 0;
  int64_t out_sz = 1;
  std::vector<int64_t> layers = {200, 100};
  /** Outputs are squeezed into this range by a sigmoid; the lower number first. */
  std::optional<std::pair<double, double>> y_range = std::nullopt;
};

/** A network for the rows of a table: an embedding for each category, BatchNorm on the numbers,
 * then linear layers.
 *      forward(x_cat int64 [n, categories], x_cont float [n, n_cont]) -> float [n, out_sz]
 *  errors  UsageError for sizes below 1 (n_cont below 0), no input at all, other than 1 or as many
 *          dropouts as layers, and a y_range that is none
 *  source  fastai 2.7 TabularModel, LinBnDrop (golden tabular model_*)
 */
class TabularModelImpl : public torch::nn::Module {
 public:
  explicit TabularModelImpl(const TabularSizes& sizes, const TabularConfig& config = {});
  torch::Tensor forward(const torch::Tensor& x_cat, const torch::Tensor& x_cont);

 private:
  torch::nn::ModuleList embeds_;
  torch::nn::Dropout emb_drop_;
  torch::nn::BatchNorm1d bn_cont_ = nullptr;
  Stack layers_;
  int64_t n_cont_;
};
TORCH_MODULE(TabularModel);

/** The width of an embedding for `n_cat` values (#na# counts): min(600, round(1.6 n^0.56)).
 *  source  fastai 2.7 emb_sz_rule (golden tabular, exact)
 */
int64_t emb_sz_rule(int64_t n_cat);

Json to_json(const TabularSizes& sizes);
TabularSizes tabular_sizes_from_json(const Json& json);
Json to_json(const TabularConfig& config);
TabularConfig tabular_config_from_json(const Json& json);

}  // namespace linnet
