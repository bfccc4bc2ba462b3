#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::test {

struct ZipEntry {
  std::string name;
  std::string bytes;
  uint32_t unix_mode = 0100644;  // 0120777 makes a symbolic link, whose target is `bytes`
};

/** A zip file of uncompressed entries, as torch.save makes them. */
std::string zip_of(const std::vector<ZipEntry>& entries);

/** The checksum of zip and gzip. */
uint32_t crc32_of(std::string_view bytes);

}  // namespace linnet::test
