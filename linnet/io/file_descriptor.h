#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace linnet::detail {

/** An open file, closed at the end of its life. For writing where an error must not be lost, which
 * streams make hard. */
class FileDescriptor {
 public:
  /** `flags` as open(2) takes them. IoError, beginning with `where`, when the file cannot be
   * opened; it names `shown` when given: the file people know of, instead of a temporary one.
   */
  FileDescriptor(std::string_view where, const std::filesystem::path& path, int flags,
                 const std::filesystem::path& shown = {});
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return value_; }
  /** Each of these gives 0, or the errno of what went wrong. */
  int write_all(const void* data, size_t bytes) const;
  int sync() const;
  int close();

 private:
  int value_;
};

}  // namespace linnet::detail
