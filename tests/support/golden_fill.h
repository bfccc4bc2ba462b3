#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <vector>

#include "linnet/core/json.h"

namespace linnet::test {

// The deterministic numbers of the golden files: `fill_rule` in tests/golden/README.md.

/** What `hash_tensor` scales and shifts, and which of its streams. */
struct HashFill {
  int64_t t = 0;  // the tensor's position in state_dict order, or a number given
  int64_t salt = 0;
  double scale = 1;
  double offset = 0;
};

/** float32(offset + scale * v(i, t, salt)), v in [-1, 1). */
torch::Tensor hash_tensor(const std::vector<int64_t>& shape, const HashFill& fill);
/** int64 numbers 0 .. k-1. */
torch::Tensor hash_ints(const std::vector<int64_t>& shape, int64_t t, int64_t salt, int64_t k);

/** The tensor of an input {"rule": "hash_tensor" or "hash_ints", "shape", "t", ...}. */
torch::Tensor golden_input(const Json& input, int64_t salt);

/** One line of `entries`: {"name","shape",...}, [name, shape] or [name, shape, kind]. */
struct GoldenEntry {
  std::string name;
  std::vector<int64_t> shape;
  bool alias = false;  // shares an earlier entry's storage
};
std::vector<GoldenEntry> golden_entries(const Json& entries);

/** Fills every parameter and buffer of `module` that `entries` names, by its kind; fails the test
 * for a name that the module does not have or a shape that differs. */
void golden_fill(torch::nn::Module& module, const Json& entries, int64_t salt, double gain);

}  // namespace linnet::test
