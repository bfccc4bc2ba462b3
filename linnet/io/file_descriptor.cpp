#include "linnet/io/file_descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "linnet/core/error.h"

namespace linnet::detail {

FileDescriptor::FileDescriptor(std::string_view where, const std::filesystem::path& path, int flags,
                               const std::filesystem::path& shown)
    : value_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {
  if (value_ < 0) {
    throw IoError(
        where, shown.empty() ? path : shown,
        fmt::format("cannot be written: {}. Choose a folder that exists and may be written to",
                    std::strerror(errno)));
  }
}

FileDescriptor::~FileDescriptor() { close(); }

int FileDescriptor::write_all(const void* data, size_t bytes) const {
  const char* next = static_cast<const char*>(data);
  while (bytes > 0) {
    constexpr size_t kMost = size_t{1} << 30U;  // a single write takes less than 2 GiB
    const ssize_t written = ::write(value_, next, std::min(bytes, kMost));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written == 0 ? ENOSPC : errno;
    next += written;
    bytes -= static_cast<size_t>(written);
  }
  return 0;
}

int FileDescriptor::sync() const { return fsync(value_) == 0 ? 0 : errno; }

int FileDescriptor::close() {
  if (value_ < 0) return 0;
  const int result = ::close(value_);
  value_ = -1;
  return result == 0 ? 0 : errno;
}

}  // namespace linnet::detail
