#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace linnet {

/** Makes sure that a file of `bytes` can be written into `folder`, which must exist: reserves the
 * space under a temporary name and gives it back. Asked before long work whose result goes there.
 *  what    what will be written, for the message: "the model"
 *  errors  IoError that names the folder and the size: disk full, quota, limit of a file's size, no
 *          permission
 */
void require_disk_room(const std::filesystem::path& folder, int64_t bytes, std::string_view what);

}  // namespace linnet
