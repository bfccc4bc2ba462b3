#pragma once

#include <torch/types.h>

#include <functional>
#include <string_view>

#include "linnet/core/random.h"

// What random picture transforms share: draws for a batch, and the checks of their options.
namespace linnet::detail {

/** How often something random happens. */
struct Chance {
  double p;            // of each item, 0 to 1
  bool batch = false;  // one draw for the whole batch instead of one an item
};

/** Double [n]: for each item what `draw` gives, with probability p, else `neutral`. As many numbers
 * are taken from `random` whatever p is, so that a change of p does not shift later draws.
 *  source  fastai 2.7 _draw_mask
 */
torch::Tensor draw_each(int64_t n, const Chance& chance, double neutral, Generator& random,
                        const std::function<double(Generator&)>& draw);

/** UsageError `[where] what: got ..., expected 0 to 1` unless it is that. */
void check_fraction(std::string_view where, std::string_view what, double value);

/** UsageError unless low <= value < high, and finite. */
void check_range(std::string_view where, std::string_view what, double value, double low,
                 double high);

}  // namespace linnet::detail
