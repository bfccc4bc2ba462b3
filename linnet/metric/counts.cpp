#include "linnet/metric/counts.h"

namespace linnet::detail {

Hits& Hits::operator+=(const Hits& other) {
  tp += other.tp;
  fp += other.fp;
  fn += other.fn;
  return *this;
}

namespace {

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

double precision_of(const Hits& hits, double) { return ratio(hits.tp, hits.tp + hits.fp); }
double recall_of(const Hits& hits, double) { return ratio(hits.tp, hits.tp + hits.fn); }
double f_beta_of(const Hits& hits, double beta) {
  const double square = beta * beta;
  return ratio((1 + square) * hits.tp, (1 + square) * hits.tp + square * hits.fn + hits.fp);
}
double jaccard_of(const Hits& hits, double) { return ratio(hits.tp, hits.tp + hits.fp + hits.fn); }

double averaged(const std::vector<Hits>& classes, Score score, double beta, Average average) {
  Hits together;
  double sum = 0, weights = 0;
  for (const Hits& hits : classes) {
    const double weight = average == Average::weighted ? hits.support() : 1;
    sum += weight * score(hits, beta);
    weights += weight;
    together += hits;
  }
  return average == Average::micro ? score(together, beta) : ratio(sum, weights);
}

}  // namespace linnet::detail
