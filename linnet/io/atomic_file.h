#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace linnet {

namespace detail {
class FileDescriptor;
}

/** A new file being written; only `write_atomically` makes one. */
class FileWriter {
 public:
  /** IoError when the disk does not take all of it. */
  void write(const void* data, size_t bytes);
  void write(std::string_view text) { write(text.data(), text.size()); }

 private:
  friend void write_atomically(const std::filesystem::path&,
                               const std::function<void(FileWriter&)>&);
  FileWriter(const std::filesystem::path& destination, const detail::FileDescriptor& file)
      : destination_(destination), file_(file) {}
  const std::filesystem::path& destination_;
  const detail::FileDescriptor& file_;
};

/** Writes a file so that `path` holds either what it held before or all that is new, also after a
 * crash or on a full disk: under a temporary name in the same folder, then fsync, then rename. The
 * folder must exist.
 *
 *      write_atomically("runs/a/config.json", Json{{"seed", 42}}.dump(2));
 *
 *  errors  IoError that names `path`; what `produce` throws passes through; the temporary file is
 * removed in both cases. Programs should ignore SIGXFSZ, or a file-size limit kills them instead of
 * giving an error.
 */
void write_atomically(const std::filesystem::path& path,
                      const std::function<void(FileWriter&)>& produce);
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace linnet
