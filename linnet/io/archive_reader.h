#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace linnet::detail {

/** Entries of an archive, one after another. The one place that knows libarchive. */
class ArchiveReader {
 public:
  enum class Format {
    zip,  // through its directory at the end, so that a file cut short is noticed at once
    any,  // zip, tar (also compressed by gzip, bzip2, xz, zstd)
    raw,  // a single compressed file: one entry
  };
  enum class Kind { file, folder, link, other };
  struct Entry {
    std::string name;
    Kind kind = Kind::file;
    std::optional<int64_t> bytes;  // unpacked; absent when the archive does not say
  };

  /** `where` begins the text of errors. IoError when the file cannot be opened, DataError when it
   * is no such archive. */
  ArchiveReader(std::string_view where, const std::filesystem::path& path, Format format);
  ~ArchiveReader();
  ArchiveReader(ArchiveReader&&) noexcept;
  ArchiveReader& operator=(ArchiveReader&&) noexcept;

  /** The next entry, or nothing at the end. DataError when the archive is damaged. */
  std::optional<Entry> next();
  /** Up to `size` bytes of the entry `next` gave; 0 at its end. DataError when the archive is
   * damaged. */
  size_t read(void* data, size_t size);
  /** Bytes of the archive file consumed so far. */
  int64_t bytes_consumed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace linnet::detail
