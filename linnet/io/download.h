#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "linnet/core/reporter.h"

namespace linnet {

/** What is known of a file beforehand. With neither hash it is unverified. */
struct FileCheck {
  int64_t bytes = 0;               // 0 when not known
  std::string sha256 = {};         // lower-case hexadecimal; a prefix of at least 8 digits will do
  std::string md5_first_mib = {};  // lower-case hexadecimal

  bool verifies() const { return !sha256.empty() || !md5_first_mib.empty(); }
};

/** DataError that names the file and says what is wrong when it is not as `check` says; IoError
 * when it cannot be read. */
void check_file(const std::filesystem::path& path, const FileCheck& check);

struct DownloadOptions {
  FileCheck check = {};
  Reporter* reporter =
      &silent_reporter();       // progress in "bytes"; a warning when the file is unverified
  double connect_seconds = 20;  // to reach the server
  double stalled_seconds = 60;  // without a byte coming
  int64_t attempts = 3;         // a broken connection is taken up again this often in all
};

/** Makes sure that `destination` is the file at `url`: http, https (redirects to these two only) or
 * file. Bytes go to `destination`.part, are checked and only then renamed. A part left by an
 * earlier call is continued where a hash can tell whether the whole is right. A file already at
 * `destination`, put there by hand or by an earlier call, is checked and kept. Two processes may
 * call this at once. The folder is made when needed. errors  IoError with the URL and the place
 * where the file may be put by hand, when the network or disk fails; DataError when the file is not
 * the one that `check` describes; UsageError for another kind of URL
 */
void download(std::string_view url, const std::filesystem::path& destination,
              const DownloadOptions& options = {});

}  // namespace linnet
