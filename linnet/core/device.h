#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace linnet {

/** CUDA where LibTorch finds a GPU, else the CPU. */
torch::Device default_device();

/** Sets LibTorch's threads once, at a program's start: LibTorch of Debian begins with one. 0 takes
 * LINNET_THREADS from the environment, else the number of cores. Returns what it set.
 */
int64_t set_threads(int64_t threads = 0);

}  // namespace linnet
