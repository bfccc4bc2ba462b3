#pragma once

#include "linnet/data/transform.h"

namespace linnet {

struct RandomErasingOptions {
  double p = 0.5;           // of each batch, 0 to 1
  double sl = 0;            // smallest share of the area, 0 to 1
  double sh = 0.3;          // largest share of the area
  double min_aspect = 0.3;  // of the rectangle, above 0 to 1; its inverse is the largest
  int64_t max_count = 1;    // rectangles at most, which share the area; from 1
};

/** Fills random rectangles, the same in the whole batch, with standard normal noise; after
 * Normalize. Training inputs only. source  fastai 2.7 RandomErasing, order 100; Zhong et al. 2017
 */
class RandomErasing final : public BatchTransformImpl {
 public:
  /** UsageError for options out of their ranges. */
  explicit RandomErasing(RandomErasingOptions options = {});
  std::string_view name() const override { return "random_erasing"; }
  double order() const override { return 100; }
  Json config() const override;
  void apply(Batch& batch, Split split, Generator& random) const override;

 private:
  RandomErasingOptions options_;
};

}  // namespace linnet
