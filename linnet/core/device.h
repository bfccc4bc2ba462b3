#pragma once

#include <torch/types.h>

#include <cstdint>

namespace linnet {

/** CUDA where LibTorch finds a GPU, else the CPU. */
torch::Device default_device();

/** Sets the threads that LibTorch computes with. 0 takes LINNET_THREADS from the environment, else
 * the number of cores. Returns what it set. A learner calls it with 0 when nothing has set them
 * before: Debian's LibTorch begins with one.
 */
int64_t set_threads(int64_t threads = 0);

/** How many threads LibTorch takes for what the calling thread asks of it from here on; other
 * threads are not touched. Returns how many it took before. */
int64_t set_threads_here(int64_t threads);

/** `set_threads()` unless it, or OMP_NUM_THREADS in the environment, has set them already. */
void ensure_threads();

}  // namespace linnet
