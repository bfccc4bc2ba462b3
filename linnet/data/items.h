#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace linnet {

struct FileOptions {
  std::vector<std::string> extensions = {};  // lower case with the dot; all files when empty
  bool recurse = true;
  std::vector<std::string> folders =
      {};  // only these folders directly below the root; all when empty
};

/** The files below `root`, sorted by path so that a seed means the same split on every machine.
 * Follows links to folders (each folder once); leaves out what begins with a dot. DataError when
 * `root` is not a folder. source  fastai 2.7 get_files, which does not sort
 */
std::vector<std::filesystem::path> get_files(const std::filesystem::path& root,
                                             const FileOptions& options = {});

/** The pictures below `root`, by extension. source  fastai 2.7 get_image_files */
std::vector<std::filesystem::path> get_image_files(const std::filesystem::path& root,
                                                   bool recurse = true,
                                                   const std::vector<std::string>& folders = {});

/** Extensions taken for pictures: ".jpg", ".png", ... */
const std::vector<std::string>& image_extensions();

}  // namespace linnet
