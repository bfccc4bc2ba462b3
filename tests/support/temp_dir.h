#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace linnet::test {

/** A fresh folder that goes with this object. */
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& inside) const {
    return path_ / inside;
  }

 private:
  std::filesystem::path path_;
};

/** Writes `bytes` as they are, making the folders above. */
void write_file(const std::filesystem::path& path, std::string_view bytes);
/** The whole file; fails the test when it cannot be read. */
std::string read_file(const std::filesystem::path& path);

}  // namespace linnet::test
