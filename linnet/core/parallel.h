#pragma once

#include <cstdint>
#include <functional>

namespace linnet {

/** Calls `body(begin, end)` for pieces of 0 .. n-1 of at most `chunk` on all cores (16 threads at
 * most), and returns when all are done; what a piece throws is thrown here. For work that waits for
 * files: LibTorch's own threads stay free.
 *  chunk   above 0
 */
void parallel_chunks(int64_t n, int64_t chunk, const std::function<void(int64_t, int64_t)>& body);

}  // namespace linnet
