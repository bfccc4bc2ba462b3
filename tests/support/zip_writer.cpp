#include "support/zip_writer.h"

namespace linnet::test {

namespace {

void put(std::string& out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

/** The fields that the local header and the directory share, from "version needed" to the lengths.
 */
void put_shared(std::string& out, const ZipEntry& entry) {
  put(out, 20, 2);      // version needed
  put(out, 0x0800, 2);  // names are UTF-8
  put(out, 0, 2);       // stored
  put(out, 0x00210000, 4);
  put(out, crc32_of(entry.bytes), 4);
  put(out, entry.bytes.size(), 4);
  put(out, entry.bytes.size(), 4);
  put(out, entry.name.size(), 2);
  put(out, 0, 2);  // no extra field
}

}  // namespace

uint32_t crc32_of(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ (0xEDB88320U & (0U - (crc & 1U)));
  }
  return ~crc;
}

std::string zip_of(const std::vector<ZipEntry>& entries) {
  std::string out;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    put(directory, 0x02014b50, 4);
    put(directory, 0x0314, 2);  // made by Unix, so that the mode counts
    put_shared(directory, entry);
    put(directory, 0, 6);  // no comment, disk 0, no internal attributes
    put(directory, uint64_t{entry.unix_mode} << 16U, 4);
    put(directory, out.size(), 4);
    directory += entry.name;
    put(out, 0x04034b50, 4);
    put_shared(out, entry);
    out += entry.name + entry.bytes;
  }
  const size_t begin = out.size();
  out += directory;
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, entries.size(), 2);
  put(out, entries.size(), 2);
  put(out, directory.size(), 4);
  put(out, begin, 4);
  put(out, 0, 2);
  return out;
}

}  // namespace linnet::test
