#include "linnet/io/disk_room.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/file_descriptor.h"

namespace linnet {

void require_disk_room(const std::filesystem::path& folder, int64_t bytes, std::string_view what) {
  const auto trial = folder / fmt::format(".room-{}.part", getpid());
  const detail::FileDescriptor file("require_disk_room", trial, O_WRONLY | O_CREAT | O_EXCL,
                                    folder);
  const int reason = bytes > 0 ? posix_fallocate(file.get(), 0, bytes) : 0;
  unlink(trial.c_str());
  if (reason == 0 || reason == EOPNOTSUPP || reason == EINVAL) return;  // a file system that cannot
  throw IoError("require_disk_room", folder,
                fmt::format("{} will not fit: {} are needed, {}. Free some space or choose another "
                            "folder",
                            what, human_bytes(static_cast<double>(bytes)), std::strerror(reason)));
}

}  // namespace linnet
