#include "linnet/cli/failure.h"

#include <filesystem>
#include <new>

#include "linnet/core/error.h"

namespace linnet::cli {

namespace {

// LibTorch's errors go on with a backtrace on further lines.
std::string first_line(std::string_view text) {
  while (text.starts_with('\n')) text.remove_prefix(1);
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

Failure failure_of(const std::exception& error) {
  const std::string text = first_line(error.what());
  if (dynamic_cast<const UsageError*>(&error) != nullptr) return {2, "usage", text};
  if (dynamic_cast<const DataError*>(&error) != nullptr) return {3, "data", text};
  if (dynamic_cast<const IoError*>(&error) != nullptr) return {4, "io", text};
  if (dynamic_cast<const std::filesystem::filesystem_error*>(&error) != nullptr)
    return {4, "io", text};
  const bool no_memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
                         text.find("DefaultCPUAllocator") != std::string::npos;
  if (no_memory)
    return {1, "other", "not enough memory. A smaller --batch-size or --size needs less."};
  return {1, "other", text.empty() ? std::string("an error without a text") : text};
}

}  // namespace linnet::cli
