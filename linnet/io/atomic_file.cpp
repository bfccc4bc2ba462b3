#include "linnet/io/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "linnet/core/error.h"
#include "linnet/io/file_descriptor.h"

namespace linnet {

namespace {

constexpr std::string_view kAtomicFileWhere = "write_atomically";

[[noreturn]] void fail(const std::filesystem::path& path, int reason) {
  const std::string_view hint =
      reason == ENOSPC || reason == EFBIG || reason == EDQUOT
          ? "Free some space or choose another place; what was there before is untouched"
          : "Choose a folder that exists and may be written to";
  throw IoError(kAtomicFileWhere, path,
                fmt::format("cannot be written: {}. {}", std::strerror(reason), hint));
}

std::filesystem::path temporary_name(const std::filesystem::path& destination) {
  static std::atomic<uint64_t> counter{0};
  auto path = destination;
  do {  // a process of this number may have been killed here
    path.replace_filename(
        fmt::format(".{}.{}-{}.part", destination.filename().string(), getpid(), counter++));
  } while (std::filesystem::exists(path));
  return path;
}

/** A file removed at the end unless it was renamed. */
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& destination)
      : destination_(destination),
        path_(temporary_name(destination)),
        file_(kAtomicFileWhere, path_, O_WRONLY | O_CREAT | O_EXCL, destination) {}
  ~TemporaryFile() {
    if (!renamed_) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const detail::FileDescriptor& file() const { return file_; }

  void commit() {
    if (const int reason = file_.sync()) fail(destination_, reason);
    if (const int reason = file_.close()) fail(destination_, reason);
    if (rename(path_.c_str(), destination_.c_str()) != 0) fail(destination_, errno);
    renamed_ = true;
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
  detail::FileDescriptor file_;
  bool renamed_ = false;
};

}  // namespace

void FileWriter::write(const void* data, size_t bytes) {
  if (const int reason = file_.write_all(data, bytes)) fail(destination_, reason);
}

void write_atomically(const std::filesystem::path& path,
                      const std::function<void(FileWriter&)>& produce) {
  TemporaryFile file(path);
  FileWriter writer(path, file.file());
  produce(writer);
  file.commit();
}

void write_atomically(const std::filesystem::path& path, std::string_view bytes) {
  write_atomically(path, [bytes](FileWriter& writer) { writer.write(bytes); });
}

}  // namespace linnet
