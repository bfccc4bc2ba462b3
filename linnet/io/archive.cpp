#include "linnet/io/archive.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/archive_reader.h"
#include "linnet/io/atomic_folder.h"
#include "linnet/io/file_descriptor.h"

namespace linnet {

namespace {

using detail::ArchiveReader;

constexpr std::string_view kArchiveWhere = "extract";

class Extraction {
 public:
  Extraction(const std::filesystem::path& archive, std::filesystem::path folder,
             const ExtractOptions& options)
      : archive_(archive),
        folder_(std::move(folder)),
        options_(options),
        archive_bytes_(static_cast<int64_t>(std::filesystem::file_size(archive))) {
    constexpr int64_t kLeast = int64_t{1} << 30;
    max_bytes_ = options.max_bytes > 0 ? options.max_bytes : std::max(kLeast, 200 * archive_bytes_);
  }

  void run() {
    const std::string name = to_lower(archive_.filename().string());
    const bool single = name.ends_with(".gz") && !name.ends_with(".tar.gz");
    ArchiveReader reader(kArchiveWhere, archive_,
                         single ? ArchiveReader::Format::raw : ArchiveReader::Format::any);
    while (const auto entry = reader.next()) {
      if (++entries_ > options_.max_entries)
        refuse(entry->name,
               fmt::format("is one more than the {} entries allowed", options_.max_entries));
      if (single) {
        write(reader, entry->name, archive_.stem());
      } else if (const auto inside = safe_path(*entry); !inside.empty()) {
        if (entry->kind == ArchiveReader::Kind::folder) {
          make_folder(inside);
        } else {
          write(reader, entry->name, inside);
        }
      }
      report(reader);
    }
    if (entries_ == 0) throw DataError(kArchiveWhere, archive_, "is an archive with nothing in it");
  }

 private:
  [[noreturn]] void refuse(std::string_view entry, std::string_view what) const {
    throw DataError(
        kArchiveWhere, archive_,
        fmt::format("entry '{}' {}. Nothing was unpacked", shown_text(entry, 200), what));
  }

  /** Where the entry goes, below the folder; empty for the folder itself. */
  std::filesystem::path safe_path(const ArchiveReader::Entry& entry) const {
    if (entry.kind == ArchiveReader::Kind::link)
      refuse(entry.name, "is a link, which could lead out of the folder");
    if (entry.kind == ArchiveReader::Kind::other)
      refuse(entry.name, "is neither a file nor a folder");
    const std::filesystem::path path(entry.name);
    if (path.is_absolute())
      refuse(entry.name, "has an absolute path, which leads out of the folder");
    std::filesystem::path inside;
    for (const auto& part : path) {
      if (part == "..") refuse(entry.name, "has '..' in its path, which leads out of the folder");
      if (!part.empty() && part != ".") inside /= part;
    }
    return inside;
  }

  void make_folder(const std::filesystem::path& inside) const {
    std::error_code failure;
    std::filesystem::create_directories(folder_ / inside, failure);
    if (failure)
      throw IoError(kArchiveWhere, folder_ / inside,
                    fmt::format("cannot be made: {}", failure.message()));
  }

  void write(ArchiveReader& reader, std::string_view entry, const std::filesystem::path& inside) {
    if (inside.has_parent_path()) make_folder(inside.parent_path());
    const auto path = folder_ / inside;
    detail::FileDescriptor file(kArchiveWhere, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    while (const size_t got = reader.read(buffer_.data(), buffer_.size())) {
      written_ += static_cast<int64_t>(got);
      if (written_ > max_bytes_)
        refuse(entry, fmt::format("takes what is unpacked over the {} allowed",
                                  human_bytes(static_cast<double>(max_bytes_))));
      check(file.write_all(buffer_.data(), got), path);
      report(reader);
    }
    check(file.close(), path);
  }

  static void check(int reason, const std::filesystem::path& path) {
    if (reason == 0) return;
    throw IoError(kArchiveWhere, path,
                  fmt::format("cannot be written: {}. Free some space; nothing was unpacked",
                              std::strerror(reason)));
  }

  void report(const ArchiveReader& reader) {
    const int64_t done = std::min(reader.bytes_consumed(), archive_bytes_);
    if (done < told_ + (archive_bytes_ / 200) + 1) return;
    told_ = done;
    options_.reporter->bar(
        {.phase = "unpack", .unit = "bytes", .done = done, .total = archive_bytes_});
  }

  const std::filesystem::path& archive_;
  std::filesystem::path folder_;
  const ExtractOptions& options_;
  int64_t archive_bytes_;
  int64_t max_bytes_ = 0;
  int64_t written_ = 0;
  int64_t entries_ = 0;
  int64_t told_ = 0;
  std::vector<char> buffer_ = std::vector<char>(size_t{1} << 20U);
};

/** The only folder in `folder`, when there is nothing else; otherwise `folder`. */
std::filesystem::path single_folder(const std::filesystem::path& folder) {
  const std::vector<std::filesystem::directory_entry> inside(
      std::filesystem::directory_iterator(folder), {});
  return inside.size() == 1 && inside[0].is_directory() ? inside[0].path() : folder;
}

}  // namespace

void extract(const std::filesystem::path& archive, const std::filesystem::path& destination,
             const ExtractOptions& options) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(archive, failure))
    throw IoError(kArchiveWhere, archive, "cannot be read: there is no such file");
  write_folder_atomically(destination, {}, [&](const std::filesystem::path& fresh) {
    Extraction(archive, fresh, options).run();
    return options.unwrap_single_folder ? single_folder(fresh) : fresh;
  });
}

}  // namespace linnet
