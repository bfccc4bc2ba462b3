#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace linnet {

/** The numbers of NumPy's `RandomState(seed)`, so that a split made with scikit-learn can be made
 * again. Its stream is frozen: NumPy promises never to change it.
 *  source  NumPy 1.24 legacy RandomState: MT19937, shuffle by masked rejection
 */
class NumpyRandom {
 public:
  explicit NumpyRandom(uint32_t seed) : engine_(seed) {}

  /** Uniform in 0 .. max. */
  uint32_t interval(uint32_t max);
  /** `values` in another order. */
  std::vector<int64_t> permutation(std::vector<int64_t> values);
  /** 0 .. n-1 in another order. */
  std::vector<int64_t> permutation(int64_t n);

 private:
  std::mt19937 engine_;
};

}  // namespace linnet
