#include "linnet/core/device.h"

#include <torch/cuda.h>
#include <torch/utils.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

// Of <omp.h>, which Clang does not bring.
extern "C" void omp_set_num_threads(int threads);

namespace linnet {

namespace {

std::atomic<bool> threads_are_set = false;

}  // namespace

torch::Device default_device() { return torch::cuda::is_available() ? torch::kCUDA : torch::kCPU; }

int64_t set_threads(int64_t threads) {
  if (threads <= 0) {
    const char* from_env = std::getenv("LINNET_THREADS");
    threads = from_env != nullptr ? std::atoll(from_env) : 0;
  }
  if (threads <= 0) threads = std::max<int64_t>(1, std::thread::hardware_concurrency());
  at::set_num_threads(static_cast<int>(threads));
  threads_are_set = true;
  return threads;
}

int64_t set_threads_here(int64_t threads) {
  const int64_t before = at::get_num_threads();  // gives a new thread what was set for all
  omp_set_num_threads(static_cast<int>(threads));
  return before;
}

void ensure_threads() {
  if (!threads_are_set && std::getenv("OMP_NUM_THREADS") == nullptr) set_threads();
}

}  // namespace linnet
