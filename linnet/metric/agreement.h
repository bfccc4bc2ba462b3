#pragma once

#include <cstdint>

#include "linnet/metric/metric.h"

namespace linnet::metrics {

/** What a wrong decision costs: the same always, by how far off it is, or by that squared. */
enum class KappaWeights { none, linear, quadratic };

struct CohenKappaOptions {
  KappaWeights weights = KappaWeights::none;
  int64_t axis = -1;
};
struct BalancedAccuracyOptions {
  bool adjusted = false;  // 0 for guessing, 1 for all right
  int64_t axis = -1;
};
struct AgreementOptions {
  int64_t axis = -1;
};

std::unique_ptr<Metric> make_cohen_kappa(const CohenKappaOptions& options);
std::unique_ptr<Metric> make_balanced_accuracy(const BalancedAccuracyOptions& options);
std::unique_ptr<Metric> make_matthews_corr_coef(const AgreementOptions& options);
std::unique_ptr<Metric> make_hamming_loss(const AgreementOptions& options);

/** Agreement beyond chance of decisions and targets: 1 perfect, 0 as by chance; NaN when all are of
 * one class. Shapes as accuracy. A class that neither is of does not count, nor as a step between
 * others.
 *  source  fastai 2.7 CohenKappa, scikit-learn 1.2 (golden metrics), as the others here
 */
inline constexpr ConfigurableMetric<CohenKappaOptions> cohen_kappa{
    {"cohen_kappa", [] { return make_cohen_kappa({}); }, Better::higher}, make_cohen_kappa};
/** The mean of the recalls of all classes that there are targets of. */
inline constexpr ConfigurableMetric<BalancedAccuracyOptions> balanced_accuracy{
    {"balanced_accuracy", [] { return make_balanced_accuracy({}); }, Better::higher},
    make_balanced_accuracy};
/** Correlation of decisions and targets, -1 to 1; 0 when all decisions or all targets are of one
 * class. */
inline constexpr ConfigurableMetric<AgreementOptions> matthews_corr_coef{
    {"matthews_corr_coef", [] { return make_matthews_corr_coef({}); }, Better::higher},
    make_matthews_corr_coef};
/** Share of wrong decisions. */
inline constexpr ConfigurableMetric<AgreementOptions> hamming_loss{
    {"hamming_loss", [] { return make_hamming_loss({}); }, Better::lower}, make_hamming_loss};

}  // namespace linnet::metrics
