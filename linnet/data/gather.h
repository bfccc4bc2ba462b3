#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "linnet/data/loader.h"

// Insides: batches of rows that are in memory already.
namespace linnet::detail {

/** A pass over `all` whose batches are its rows at `plan[first]`, `plan[first + 1]` ... */
std::unique_ptr<BatchStream> gather(std::shared_ptr<const Batch> all, const torch::Device& device,
                                    std::vector<std::vector<int64_t>> plan, int64_t first);

}  // namespace linnet::detail
