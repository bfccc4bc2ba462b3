#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "linnet/data/value.h"

namespace linnet {

/** Items by position: each is its sources, one for each block of a pipeline (or one for each input,
 * without labels). A cheap view: many data sets (training, validation) share one table of sources.
 */
class Dataset {
 public:
  using Sources = std::vector<Value>;

  Dataset() = default;
  /** All rows of `table`. */
  explicit Dataset(std::vector<Sources> table);
  /** The rows of this one at `positions`, in that order. */
  Dataset subset(std::vector<int64_t> positions) const;

  int64_t size() const { return static_cast<int64_t>(rows_.size()); }
  /** `position` in 0 .. size()-1. */
  const Sources& operator[](int64_t position) const;
  /** The source of one block for all items, in order. */
  std::vector<Value> column(size_t block) const;

 private:
  std::shared_ptr<const std::vector<Sources>> table_;
  std::vector<int64_t> rows_;
};

}  // namespace linnet
