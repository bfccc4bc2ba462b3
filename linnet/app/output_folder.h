#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "linnet/media/image.h"

namespace linnet {

/** A folder that a job writes pictures into: made when it is not there, files of the same names in
 * it are replaced. */
class OutputFolder {
 public:
  /** IoError, begun by `where`, when it cannot be made. */
  OutputFolder(std::filesystem::path folder, std::string_view where);

  const std::filesystem::path& path() const { return folder_; }
  /** Writes a file of that name, whole or not at all, and returns its path. IoError. */
  std::filesystem::path write(const std::string& name, std::string_view bytes) const;
  /** The same of a picture, as PNG. */
  std::filesystem::path write_png(const std::string& name, const Image& image) const;

 private:
  std::filesystem::path folder_;
};

/** Gives each picture a name of its own for what is written of it: the file's stem, with a number
 * where another has it already. */
class PictureNames {
 public:
  /** "cat", then "cat-2" for another cat.jpg. */
  std::string name_for(const std::filesystem::path& picture);

 private:
  std::set<std::string> taken_;
};

}  // namespace linnet
