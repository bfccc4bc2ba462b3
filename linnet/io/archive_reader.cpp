#include "linnet/io/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>
#include <clocale>

#include <cerrno>
#include <cstring>

#include "linnet/core/error.h"

namespace linnet::detail {

namespace {

/** libarchive turns file names into the thread's locale; in the plain "C" one, names beyond ASCII
 * would be lost. */
class Utf8Names {
 public:
  Utf8Names() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_ != nullptr) before_ = uselocale(utf8_);
  }
  ~Utf8Names() {
    if (utf8_ == nullptr) return;
    uselocale(before_);
    freelocale(utf8_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t utf8_;
  locale_t before_{};
};

ArchiveReader::Kind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr) {
    return ArchiveReader::Kind::link;
  }
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return ArchiveReader::Kind::file;
    case AE_IFDIR:
      return ArchiveReader::Kind::folder;
    case AE_IFLNK:
      return ArchiveReader::Kind::link;
    default:
      return ArchiveReader::Kind::other;
  }
}

}  // namespace

struct ArchiveReader::Impl {
  std::string where;
  std::filesystem::path path;
  std::unique_ptr<archive, int (*)(archive*)> handle{archive_read_new(), archive_read_free};

  [[noreturn]] void fail(std::string_view what) const {
    const char* reason = archive_error_string(handle.get());
    throw DataError(where, path,
                    fmt::format("{}: {}. The file is damaged or cut short; get it again", what,
                                reason == nullptr ? "no reason given" : reason));
  }
};

ArchiveReader::ArchiveReader(std::string_view where, const std::filesystem::path& path,
                             Format format)
    : impl_(std::make_unique<Impl>()) {
  impl_->where = where;
  impl_->path = path;
  archive* handle = impl_->handle.get();
  if (format == Format::zip) {
    archive_read_support_format_zip_seekable(handle);
  } else {
    archive_read_support_filter_all(handle);
    if (format == Format::raw) {
      archive_read_support_format_raw(handle);
    } else {
      archive_read_support_format_tar(handle);
      archive_read_support_format_zip_seekable(handle);
    }
  }
  constexpr size_t kBlock = size_t{1} << 20U;
  const Utf8Names names;
  if (archive_read_open_filename(handle, path.c_str(), kBlock) != ARCHIVE_OK) {
    if (const int reason = archive_errno(handle);
        reason == ENOENT || reason == EACCES || reason == EISDIR || reason == EIO) {
      throw IoError(where, path, fmt::format("cannot be read: {}", std::strerror(reason)));
    }
    if (format == Format::zip) {
      throw DataError(where, path,
                      "is cut short or damaged: the directory at the end of a zip file is missing. "
                      "Get it again");
    }
    impl_->fail("cannot be opened as an archive");
  }
}

ArchiveReader::~ArchiveReader() = default;
ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader& ArchiveReader::operator=(ArchiveReader&&) noexcept = default;

std::optional<ArchiveReader::Entry> ArchiveReader::next() {
  const Utf8Names names;
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(impl_->handle.get(), &entry);
  if (status == ARCHIVE_EOF) return std::nullopt;
  if (status != ARCHIVE_OK) impl_->fail("cannot be read as an archive");
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) impl_->fail("holds a name that is no text");
  Entry result;
  result.name = name;
  result.kind = kind_of(entry);
  if (archive_entry_size_is_set(entry) != 0) result.bytes = archive_entry_size(entry);
  return result;
}

size_t ArchiveReader::read(void* data, size_t size) {
  const la_ssize_t got = archive_read_data(impl_->handle.get(), data, size);
  if (got < 0) impl_->fail("cannot be unpacked");
  return static_cast<size_t>(got);
}

int64_t ArchiveReader::bytes_consumed() const {
  return archive_filter_bytes(impl_->handle.get(), -1);
}

}  // namespace linnet::detail
