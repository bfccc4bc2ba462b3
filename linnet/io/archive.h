#pragma once

#include <cstdint>
#include <filesystem>

#include "linnet/core/reporter.h"

namespace linnet {

struct ExtractOptions {
  /** Bytes of all files together; 0: 200 times the archive's own, at least 1 GiB. */
  int64_t max_bytes = 0;
  int64_t max_entries = 20'000'000;
  /** When all lies in one folder, as in most archives of data sets, that folder's content is put at
   * the destination. */
  bool unwrap_single_folder = false;
  Reporter* reporter = &silent_reporter();
};

/** Unpacks a zip, tar, or tar compressed by gzip, bzip2, xz or zstd; a single compressed file
 * ("a.csv.gz") becomes one file in the folder. Only plain files and folders inside the destination
 * come out: a name that leads elsewhere, a link or a device refuses the whole archive. Everything
 * is unpacked beside the destination, which appears at the end, complete, or not at all. errors
 * UsageError when `destination` is there already; DataError, with the entry, for what is refused or
 * damaged; IoError when the disk does not take it
 */
void extract(const std::filesystem::path& archive, const std::filesystem::path& destination,
             const ExtractOptions& options = {});

}  // namespace linnet
