#include "linnet/io/file_text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "linnet/core/error.h"

namespace linnet {

std::string file_text(const std::filesystem::path& path, std::string_view where) {
  if (std::error_code failure; std::filesystem::is_directory(path, failure))
    throw DataError(where, path, "is a folder, expected a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw IoError(where, path, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace linnet
