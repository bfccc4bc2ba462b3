#include "support/tar_writer.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "support/zip_writer.h"

namespace linnet::test {

namespace {

void put_octal(std::string& header, size_t at, size_t width, size_t value) {
  std::string digits(width - 1, '0');
  for (size_t i = width - 1; i-- > 0; value /= 8) digits[i] = static_cast<char>('0' + value % 8);
  header.replace(at, width - 1, digits);
}

}  // namespace

std::string tar_of(const std::vector<TarEntry>& entries) {
  std::string out;
  for (const TarEntry& entry : entries) {
    std::string header(512, '\0');
    header.replace(0, std::min<size_t>(entry.name.size(), 100), entry.name, 0, 100);
    put_octal(header, 100, 8, 0644);
    put_octal(header, 108, 8, 0);
    put_octal(header, 116, 8, 0);
    put_octal(header, 124, 12, entry.bytes.size());
    put_octal(header, 136, 12, 0);
    header.replace(148, 8, "        ");
    header[156] = entry.kind;
    header.replace(157, entry.link.size(), entry.link);
    header.replace(257, 8,
                   std::string("ustar\0"
                               "00",
                               8));
    size_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    put_octal(header, 148, 7, sum);
    header[154] = '\0';
    out += header + entry.bytes;
    out.append((512 - entry.bytes.size() % 512) % 512, '\0');
  }
  return out.append(1024, '\0');
}

std::string gzip_of(std::string_view bytes) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  const auto put = [&out](uint64_t value, size_t size) {
    for (size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  };
  const uint32_t crc = crc32_of(bytes);
  const size_t size = bytes.size();
  do {  // blocks that are stored as they are
    const std::string_view block = bytes.substr(0, 65535);
    bytes.remove_prefix(block.size());
    put(bytes.empty() ? 1 : 0, 1);
    put(block.size(), 2);
    put(~block.size() & 0xFFFFU, 2);
    out += block;
  } while (!bytes.empty());
  put(crc, 4);
  put(size, 4);
  return out;
}

}  // namespace linnet::test
