#pragma once

#include <vector>

#include "linnet/data/transform.h"

namespace linnet {

/** Channel means and standard deviations of pictures whose values are in [0, 1]. */
struct ChannelStats {
  std::vector<double> mean;
  std::vector<double> std;
};

/** Of one batch, float [n, channels, height, width]: what to normalise with when nothing better is
 * known. At least two pixels a channel, else UsageError.
 *  source  fastai 2.7 Normalize without statistics: the deviation of a sample, plus 1e-7
 */
ChannelStats batch_stats(const torch::Tensor& pictures);

/** (x - mean) / std, channel by channel, for the pictures among the inputs.
 *  source  fastai 2.7 Normalize.from_stats, order 99
 */
class Normalize final : public BatchTransformImpl {
 public:
  /** As many means as deviations, these above 0; else UsageError. */
  explicit Normalize(ChannelStats stats);

  std::string_view name() const override { return "normalize"; }
  double order() const override { return 99; }
  Json config() const override;
  void apply(Batch& batch, Split split, Generator& random) const override;
  /** Of float pictures [n, channels, height, width]; UsageError for other channels. */
  torch::Tensor normalized(const torch::Tensor& pictures) const;
  /** The inverse, for showing: float [n, channels, height, width]. */
  torch::Tensor decode(const torch::Tensor& pictures) const;

 private:
  ChannelStats stats_;
  torch::Tensor mean_;  // [1, channels, 1, 1]
  torch::Tensor std_;
};

}  // namespace linnet
