#include "linnet/optim/lr_find.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"

namespace linnet {

template <>
Registry<LrSuggestion>& registry<LrSuggestion>() {
  static Registry<LrSuggestion> rows("suggestion of a learning rate");
  return rows;
}

double lr_find_rate(const LrFind& options, int64_t i) {
  const double pos = static_cast<double>(i) / static_cast<double>(options.num_it);
  return options.start_lr * std::pow(options.end_lr / options.start_lr, pos);
}

bool lr_find_diverged(const LrFind& options, double smooth_loss, double best_loss) {
  return options.stop_div && smooth_loss > 4 * best_loss;
}

LrCurve lr_find_trimmed(const LrCurve& curve, int64_t num_it) {
  const auto size = static_cast<int64_t>(std::min(curve.lrs.size(), curve.losses.size()));
  LrCurve part;
  for (int64_t i = num_it / 10; i < size - 5; ++i) {
    const auto at = static_cast<size_t>(i);
    if (std::isnan(curve.losses[at])) break;
    part.lrs.push_back(curve.lrs[at]);
    part.losses.push_back(curve.losses[at]);
  }
  return part;
}

namespace {

/** The curve's losses in float32, in which fastai compares them; checked. */
std::vector<float> checked_losses(std::string_view where, const LrCurve& curve, size_t least) {
  if (curve.lrs.size() != curve.losses.size() || curve.losses.size() < least) {
    throw UsageError(
        where, fmt::format(
                   "points: got {} rates and {} losses, expected as many of both, at least {}. Try "
                   "more iterations or a smaller start_lr.",
                   curve.lrs.size(), curve.losses.size(), least));
  }
  return {curve.losses.begin(), curve.losses.end()};
}

SuggestedLr at_point(const LrCurve& curve, size_t i) {
  return {curve.lrs[i], curve.lrs[i], curve.losses[i]};
}

/** Differences of neighbours: central ones inside, one-sided at the ends. */
std::vector<float> gradient(const std::vector<float>& values) {
  const size_t last = values.size() - 1;
  std::vector<float> slopes(values.size());
  slopes[0] = values[1] - values[0];
  slopes[last] = values[last] - values[last - 1];
  for (size_t i = 1; i < last; ++i) slopes[i] = (values[i + 1] - values[i - 1]) / 2;
  return slopes;
}

}  // namespace

SuggestedLr valley(const LrCurve& curve) {
  const std::vector<float> losses = checked_losses("valley", curve, 2);
  std::vector<int64_t> length(losses.size(),
                              1);  // of the longest falling subsequence that ends here
  size_t end = 0;
  for (size_t i = 1; i < losses.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (losses[i] < losses[j]) length[i] = std::max(length[i], length[j] + 1);
    }
    if (length[end] < length[i]) end = i;
  }
  const int64_t start =
      static_cast<int64_t>(end) - (end == 0 ? 0 : length[end]);  // may be -1, as in fastai
  const double section = static_cast<double>(static_cast<int64_t>(end) - start) / 3;
  const int64_t at = start + static_cast<int64_t>(section) + static_cast<int64_t>(section / 2);
  return at_point(curve, static_cast<size_t>(std::max<int64_t>(at, 0)));
}

SuggestedLr steep(const LrCurve& curve) {
  const std::vector<float> losses = checked_losses("steep", curve, 2);
  size_t best = 0;
  float steepest = 0;
  for (size_t i = 0; i + 1 < losses.size(); ++i) {
    const float width =
        std::log(static_cast<float>(curve.lrs[i + 1])) - std::log(static_cast<float>(curve.lrs[i]));
    const float slope = (losses[i + 1] - losses[i]) / width;
    if (i == 0 || slope < steepest) {
      steepest = slope;
      best = i;
    }
  }
  return at_point(curve, best);
}

SuggestedLr minimum(const LrCurve& curve) {
  const std::vector<float> losses = checked_losses("minimum", curve, 2);
  SuggestedLr lowest =
      at_point(curve, static_cast<size_t>(std::ranges::min_element(losses) - losses.begin()));
  lowest.lr /= 10;
  return lowest;
}

SuggestedLr slide(const LrCurve& curve) {
  constexpr size_t kApart = 15;
  constexpr float kSame = 0.005F;  // slopes nearer than this count as equal
  const std::vector<float> slopes = gradient(checked_losses("slide", curve, kApart + 1));
  size_t right = slopes.size() - 1;
  size_t found = right - kApart;
  while (right >= kApart && std::abs(slopes[right] - slopes[right - kApart]) > kSame) {
    found = right - kApart;
    --right;
  }
  return at_point(curve, found);
}

const Registered<LrSuggestion> valley_row{{"valley", valley}};
const Registered<LrSuggestion> steep_row{{"steep", steep}};
const Registered<LrSuggestion> minimum_row{{"minimum", minimum}};
const Registered<LrSuggestion> slide_row{{"slide", slide}};

}  // namespace linnet
