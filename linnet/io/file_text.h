#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace linnet {

/** All bytes of a file. `where` begins the text of errors: DataError when `path` is a folder,
 * IoError when it cannot be read. */
std::string file_text(const std::filesystem::path& path, std::string_view where);

}  // namespace linnet
