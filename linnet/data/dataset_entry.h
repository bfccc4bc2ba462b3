#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "linnet/core/registry.h"
#include "linnet/core/reporter.h"

namespace linnet {

/** A data set that can be fetched, or drawn by code: a registry row and an argument of `untar_data`
 * at once. Facts only from a named source. */
struct DatasetEntry {
  std::string_view name;                // "pets": for `linnet data get`
  std::string_view url = {};            // of the archive; empty for a set that is made
  int64_t bytes = 0;                    // of the archive; 0 when not known
  std::string_view sha256 = {};         // of the archive; empty when none is published
  std::string_view md5_first_mib = {};  // of its first MiB; empty when none is published
  std::string_view check_source =
      {};  // where size and hash come from; empty: the download is unverified, and says so
  std::string_view licence = {};  // terms of use, as far as its origin states them
  std::string_view what = {};     // one line
  std::string_view folder = {};   // its name in the cache; by default the archive's without ".tgz"
  /** Makes sure that all of it is in `folder`, by code in place of an archive; does nothing when it
   * is. Null for a set with a URL. */
  void (*make)(const std::filesystem::path& folder, Reporter& reporter) = nullptr;

  /** How it comes: "drawn" by code or as an "archive". */
  constexpr std::string_view kind() const { return make != nullptr ? "drawn" : "archive"; }
  constexpr bool verifies() const { return !sha256.empty() || !md5_first_mib.empty(); }
};

template <>
Registry<DatasetEntry>& registry<DatasetEntry>();

/** Source of the rows that give sizes and MD5 sums of the first MiB. */
inline constexpr std::string_view kFastaiChecks =
    "fastai, fastai/data/download_checks.py at github.com/fastai/fastai, commit 63b624c6";

struct UntarOptions {
  Reporter* reporter = &console_reporter();
  bool offline = false;  // do not use the network
  bool again = false;    // unpack anew, over what is in the cache
};

/** The folder of a data set, fetched and unpacked on first use, from the cache
 * (`$LINNET_HOME/data`) afterwards. An archive put by hand into `$LINNET_HOME/archives` is used in
 * place of the network. `$LINNET_MIRROR` replaces the host (see mirrored_url). When all of the
 * archive lies in one folder, that folder is what is returned, as in fastai.
 *
 *      auto images = untar_data(urls::pets) / "images";
 *
 *  A data set that is drawn by code needs no network: it is made on first use.
 *
 *  errors  IoError without network or disk space, with the URL and the place for the archive;
 * DataError when the archive is not the one expected, is damaged, or would write outside its folder
 */
std::filesystem::path untar_data(const DatasetEntry& dataset, const UntarOptions& options = {});

/** Where `untar_data` puts it, whether it is there or not. */
std::filesystem::path dataset_path(const DatasetEntry& dataset);

}  // namespace linnet
