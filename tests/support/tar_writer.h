#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linnet::test {

struct TarEntry {
  std::string name;
  std::string bytes = {};
  char kind = '0';  // '0' file, '1' hard link, '2' symbolic link, '3' character device, '5' folder
  std::string link = {};
};

/** A tar file (ustar). */
std::string tar_of(const std::vector<TarEntry>& entries);

/** The same bytes in a gzip file, without making them smaller. */
std::string gzip_of(std::string_view bytes);

}  // namespace linnet::test
