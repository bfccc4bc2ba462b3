#pragma once

#include <filesystem>
#include <functional>

namespace linnet {

struct AtomicFolderOptions {
  bool replace = false;  // take the place of a folder that is there; else that is a UsageError
};

/** Makes a folder so that `folder` appears complete or not at all, also when this is stopped in the
 * middle. `produce` fills an empty folder beside it and returns what is to become `folder`: that
 * one, or one inside it. When another process made the same folder meanwhile, that one stays.
 *  errors  IoError that names `folder`; what `produce` throws passes through; nothing is left
 * behind in both cases
 */
void write_folder_atomically(
    const std::filesystem::path& folder, const AtomicFolderOptions& options,
    const std::function<std::filesystem::path(const std::filesystem::path& fresh)>& produce);

}  // namespace linnet
