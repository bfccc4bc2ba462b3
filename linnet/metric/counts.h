#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "linnet/metric/average.h"

// Insides that the metrics on decisions share: counts, and scores made of them.
namespace linnet::detail {

/** How often each class was the decision (column) where each class was the target (row). */
class ConfusionCounts {
 public:
  void reset() { counts_ = torch::Tensor(); }
  /** `decided` and `target` hold class numbers, as many of both. UsageError for a number beyond
   * `classes` or for another number of classes than before. */
  void add(std::string_view metric, const torch::Tensor& decided, const torch::Tensor& target,
           int64_t classes);
  /** double [classes, classes]. UsageError when there were no rows. */
  torch::Tensor matrix(std::string_view metric) const;
  /** The same without the classes that are neither target nor decision anywhere, and which classes
   * are left, in order. */
  torch::Tensor present(std::string_view metric) const;
  std::vector<int64_t> present_classes(std::string_view metric) const;

 private:
  torch::Tensor counts_;  // int64 [classes, classes], on the CPU
};

/** Decisions on one class: right, wrong, missed. */
struct Hits {
  double tp = 0;
  double fp = 0;
  double fn = 0;

  double support() const { return tp + fn; }
  Hits& operator+=(const Hits& other);
};

/** What to make of Hits; 0 where nothing was to be found and nothing was. */
using Score = double (*)(const Hits& hits, double beta);
double precision_of(const Hits& hits, double beta);
double recall_of(const Hits& hits, double beta);
double f_beta_of(const Hits& hits, double beta);
double jaccard_of(const Hits& hits, double beta);

/** One number for all classes: macro, micro or weighted. */
double averaged(const std::vector<Hits>& classes, Score score, double beta, Average average);

}  // namespace linnet::detail
