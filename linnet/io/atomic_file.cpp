#include "linnet/io/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr std::string_view kWhere = "write_atomically";

[[noreturn]] void fail(const std::filesystem::path& path, int reason) {
  const std::string_view hint =
      reason == ENOSPC || reason == EFBIG || reason == EDQUOT
          ? "Free some space or choose another place; what was there before is untouched"
          : "Choose a folder that exists and may be written to";
  throw IoError(kWhere, path,
                fmt::format("cannot be written: {}. {}", std::strerror(reason), hint));
}

/** An open temporary file beside its destination, removed unless it was renamed. */
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& destination) : destination_(destination) {
    static std::atomic<uint64_t> counter{0};
    const auto name =
        fmt::format(".{}.{}-{}.part", destination.filename().string(), getpid(), counter++);
    path_ = destination;
    path_.replace_filename(name);
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(destination_, errno);
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int descriptor() const { return descriptor_; }

  void commit() {
    if (fsync(descriptor_) != 0) fail(destination_, errno);
    const int closed = close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail(destination_, errno);
    if (rename(path_.c_str(), destination_.c_str()) != 0) fail(destination_, errno);
    path_.clear();
    sync_folder();
  }

 private:
  // The rename itself is on disk only when the folder is. Some file systems cannot sync a folder:
  // no reason to fail.
  void sync_folder() const {
    const auto folder =
        destination_.has_parent_path() ? destination_.parent_path() : std::filesystem::path(".");
    const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return;
    fsync(opened);
    close(opened);
  }

  const std::filesystem::path& destination_;
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace

void FileWriter::write(const void* data, size_t bytes) {
  const char* next = static_cast<const char*>(data);
  while (bytes > 0) {
    constexpr size_t kMost = size_t{1} << 30U;  // a single write takes less than 2 GiB
    const ssize_t written = ::write(descriptor_, next, std::min(bytes, kMost));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(destination_, written == 0 ? ENOSPC : errno);
    next += written;
    bytes -= static_cast<size_t>(written);
  }
}

void write_atomically(const std::filesystem::path& path,
                      const std::function<void(FileWriter&)>& produce) {
  TemporaryFile file(path);
  FileWriter writer(path, file.descriptor());
  produce(writer);
  file.commit();
}

void write_atomically(const std::filesystem::path& path, std::string_view bytes) {
  write_atomically(path, [bytes](FileWriter& writer) { writer.write(bytes); });
}

}  // namespace linnet
