#pragma once

#include <vector>

#include "linnet/metric/average.h"

// Insides that the metrics on decisions share: hits, and scores made of them.
namespace linnet::detail {

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
