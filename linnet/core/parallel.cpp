#include "linnet/core/parallel.h"

#include <algorithm>
#include <thread>

#include "linnet/core/thread_pool.h"

namespace linnet {

void parallel_chunks(int64_t n, int64_t chunk, const std::function<void(int64_t, int64_t)>& body) {
  ThreadPool pool(std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, 16));
  std::vector<std::future<void>> pieces;
  for (int64_t begin = 0; begin < n; begin += chunk) {
    pieces.push_back(
        pool.submit([&body, begin, end = std::min(begin + chunk, n)] { body(begin, end); }));
  }
  for (auto& piece : pieces) piece.get();
}

}  // namespace linnet
