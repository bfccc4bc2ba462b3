#include "support/shared.h"

#include <cstdlib>

namespace linnet::test {

std::filesystem::path shared_dir() {
  if (const char* from_env = std::getenv("LINNET_SHARED")) return from_env;
  return std::filesystem::absolute("../shared").lexically_normal();  // ctest runs tests in the root
}

bool has_shared(const std::filesystem::path& path) {
  return std::filesystem::exists(shared_dir() / path);
}

}  // namespace linnet::test
