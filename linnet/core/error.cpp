#include "linnet/core/error.h"

#include <fmt/format.h>

namespace linnet {

Error::Error(std::string_view where, std::string_view what)
    : std::runtime_error(fmt::format("[{}] {}", where, what)), begin_(where.size() + 3) {}

DataError::DataError(std::string_view where, const std::filesystem::path& path,
                     std::string_view what, std::optional<int64_t> row)
    : Error(where, row ? fmt::format("{}, row {}: {}", path.string(), *row, what)
                       : fmt::format("{}: {}", path.string(), what)),
      path_(path),
      row_(row) {}

IoError::IoError(std::string_view where, const std::filesystem::path& path, std::string_view what)
    : Error(where, fmt::format("{}: {}", path.string(), what)) {}

}  // namespace linnet
