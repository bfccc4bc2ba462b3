#include "linnet/io/atomic_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>
#include <system_error>

#include "linnet/core/error.h"
#include "linnet/io/cache.h"

namespace linnet {

namespace {

constexpr std::string_view kAtomicFolderWhere = "write_folder_atomically";

/** Beside `folder`, hidden, of this process alone. */
std::filesystem::path sibling(const std::filesystem::path& folder, std::string_view ending) {
  return folder.parent_path() /
         fmt::format(".{}.{}.{}", folder.filename().string(), getpid(), ending);
}

/** A folder that is removed with all in it, when that is still there at the end. */
class TemporaryFolder {
 public:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) { remove(); }
  ~TemporaryFolder() { remove(); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;  // nothing can be done about a folder that stays
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path path_;
};

}  // namespace

void write_folder_atomically(
    const std::filesystem::path& folder, const AtomicFolderOptions& options,
    const std::function<std::filesystem::path(const std::filesystem::path& fresh)>& produce) {
  const auto target = std::filesystem::absolute(folder).lexically_normal();
  std::error_code failure;
  if (!options.replace && std::filesystem::exists(target, failure)) {
    throw UsageError(
        kAtomicFolderWhere,
        fmt::format("{} is there already. Remove it or choose another place", folder.string()));
  }
  const TemporaryFolder fresh(sibling(target, "part"));
  const auto made = produce(made_dir(fresh.path()));
  const TemporaryFolder former(sibling(target, "old"));
  const bool replaced = options.replace && std::filesystem::exists(target, failure);
  if (replaced) std::filesystem::rename(target, former.path(), failure);
  if (!failure) std::filesystem::rename(made, target, failure);
  if (!failure) return;
  std::error_code ignored;
  if (replaced) std::filesystem::rename(former.path(), target, ignored);
  // Another process may have made the same meanwhile: then its folder is as good.
  if (!std::filesystem::is_directory(target))
    throw IoError(kAtomicFolderWhere, target, fmt::format("cannot be made: {}", failure.message()));
}

}  // namespace linnet
