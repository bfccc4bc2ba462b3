#pragma once

#include <filesystem>

namespace linnet::test {

/** The material beside the project (real data, weights); `LINNET_SHARED` when set, else ../shared
 * of the project's root. */
std::filesystem::path shared_dir();

/** True when `path` below `shared_dir()` is there. Use: `if (!has_shared("data/pets")) GTEST_SKIP()
 * << ...`. */
bool has_shared(const std::filesystem::path& path);

}  // namespace linnet::test
