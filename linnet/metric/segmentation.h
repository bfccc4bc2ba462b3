#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "linnet/metric/metric.h"

namespace linnet::metrics {

struct ForegroundAccOptions {
  int64_t bkg_idx = 0;  // the class that does not count
  int64_t axis = 1;     // of pred, where the classes are
};
struct OverlapOptions {
  int64_t axis = 1;
  /** The class that the overlap is of, against all others together, however many there are. Not for
   * the metrics of all classes. */
  std::optional<int64_t> class_index = std::nullopt;
};

std::unique_ptr<Metric> make_foreground_acc(const ForegroundAccOptions& options);
std::unique_ptr<Metric> make_dice(const OverlapOptions& options);
std::unique_ptr<Metric> make_dice_multi(const OverlapOptions& options);
std::unique_ptr<Metric> make_jaccard_coeff(const OverlapOptions& options);
std::unique_ptr<Metric> make_jaccard_coeff_multi(const OverlapOptions& options);

/** Share of right pixels among those whose target is not the background; NaN without any. pred
 * (rows, classes, height, width), target (rows, height, width) class numbers. Over all pixels;
 * fastai takes the mean of each batch's share (docs/differences.md). With the number of the class
 * that nobody marked as bkg_idx it is the pixel accuracy without void:
 * `foreground_acc({.bkg_idx = void_code}).named("acc_camvid")`.
 */
inline constexpr ConfigurableMetric<ForegroundAccOptions> foreground_acc{
    {"foreground_acc", [] { return make_foreground_acc({}); }, Better::higher},
    make_foreground_acc};
/** Overlap of two classes' masks: twice what both cover over the sum of what each covers, of class
 * 1. NaN when neither has any; UsageError for other than two classes. Of one class of many:
 * `dice({.class_index = 0})`.
 *  source  fastai 2.7 Dice (golden metrics), as the others here
 */
inline constexpr ConfigurableMetric<OverlapOptions> dice{
    {"dice", [] { return make_dice({}); }, Better::higher}, make_dice};
/** The mean of each class's dice; classes that nothing is of do not count. */
inline constexpr ConfigurableMetric<OverlapOptions> dice_multi{
    {"dice_multi", [] { return make_dice_multi({}); }, Better::higher}, make_dice_multi};
/** What both cover over what either covers: as dice. */
inline constexpr ConfigurableMetric<OverlapOptions> jaccard_coeff{
    {"jaccard_coeff", [] { return make_jaccard_coeff({}); }, Better::higher}, make_jaccard_coeff};
/** As dice_multi. */
inline constexpr ConfigurableMetric<OverlapOptions> jaccard_coeff_multi{
    {"jaccard_coeff_multi", [] { return make_jaccard_coeff_multi({}); }, Better::higher},
    make_jaccard_coeff_multi};

/** What a segmentation is judged by: the share of right pixels, the same without the background,
 * and how far masks cover each other; of two classes the masks of the one that is not the
 * background, of more the mean of all.
 *  classes     2 or more; background  one of them, from 0; else UsageError */
std::vector<MetricSpec> of_masks(int64_t classes, int64_t background);

/** What an overlap is worth, of what both masks cover and the sum of what each covers, above 0. */
double dice_share(double both, double sum);
double jaccard_share(double both, double sum);

}  // namespace linnet::metrics
