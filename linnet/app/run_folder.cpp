#include "linnet/app/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>

#include "linnet/core/error.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/file_descriptor.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRunFolderWhere = "run folder";

[[noreturn]] void fail(const fs::path& folder, const std::error_code& reason) {
  throw IoError(kRunFolderWhere, folder,
                fmt::format("cannot be made: {}. Choose another place by --out", reason.message()));
}

// The topmost of the folders above `path`, and itself, that is not there yet.
fs::path first_missing(const fs::path& path) {
  fs::path missing;
  std::error_code failure;
  for (fs::path at = path; !at.empty() && !fs::exists(at, failure); at = at.parent_path()) {
    missing = at;
    if (at == at.parent_path()) break;
  }
  return missing;
}

// False when it was there before; the folders above are made as needed.
bool make(const fs::path& folder) {
  std::error_code failure;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), failure);
  if (failure) fail(folder, failure);
  const bool made = fs::create_directory(folder, failure);
  if (failure) fail(folder, failure);
  return made;
}

fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

// Many data sets keep their pictures in a folder "images": the one above it says more.
std::string data_name(const fs::path& path) {
  fs::path folder = fs::absolute(path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.filename() == "images") folder = folder.parent_path();
  return folder.filename().empty() ? "run" : folder.filename().string();
}

RunFolder::RunFolder(const std::optional<fs::path>& out, const std::string& name) {
  if (out) {
    path_ = without_slash(*out);
    first_made_ = first_missing(path_);
    std::error_code failure;
    if (make(path_) || fs::is_empty(path_, failure)) {
      lock();
      return;
    }
    if (failure) fail(path_, failure);
    throw UsageError("--out", fmt::format("{} is there already and is never overwritten. Choose "
                                          "another --out, or remove it.",
                                          path_.string()));
  }
  for (int64_t number = 1;; ++number) {
    path_ = fs::path("runs") / (number == 1 ? name : fmt::format("{}-{}", name, number));
    first_made_ = first_missing(path_);
    if (make(path_)) break;
  }
  lock();
}

RunFolder RunFolder::existing(const fs::path& folder) { return {Existing{}, folder}; }

RunFolder::RunFolder(Existing, const fs::path& folder) : path_(without_slash(folder)), kept_(true) {
  std::error_code ignored;
  if (fs::exists(config_file(), ignored)) {
    lock();
    remove_unfinished();
    return;
  }
  throw DataError(kRunFolderWhere, folder,
                  fs::is_directory(folder, ignored)
                      ? "holds no run of linnet: there is no config.json in it"
                      : "there is no such folder. Give the folder of the run to resume.");
}

// A folder can be locked as a file can, and the lock goes with the process, however it ends.
void RunFolder::lock() {
  lock_ = std::make_unique<detail::FileDescriptor>(kRunFolderWhere, path_, O_RDONLY | O_DIRECTORY);
  if (flock(lock_->get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  throw UsageError(kRunFolderWhere,
                   fmt::format("{} is being trained by another process: wait for it, or "
                               "stop it first",
                               path_.string()));
}

// What a killed process was writing.
void RunFolder::remove_unfinished() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with('.') && name.ends_with(".part")) fs::remove(entry.path(), ignored);
  }
}

RunFolder::~RunFolder() {
  if (kept_) return;
  std::error_code ignored;  // what cannot be removed stays: the run has failed for a reason told
  for (const auto& file : {config_file(), log_file(), split_file(), checkpoint_file()})
    fs::remove(file, ignored);
  if (first_made_.empty()) return;
  // Only folders that are empty: somebody else may have put something into them.
  for (fs::path at = path_;; at = at.parent_path()) {
    if (!fs::remove(at, ignored) || at == first_made_) return;
  }
}

Json RunFolder::read_config() const {
  try {
    return Json::parse(file_text(config_file(), kRunFolderWhere));
  } catch (const DataError& e) {
    throw DataError(kRunFolderWhere, config_file(), e.what());
  }
}

void RunFolder::write_config(const Json& config) const {
  write_atomically(config_file(), config.dump(2) + "\n");
}

}  // namespace linnet
