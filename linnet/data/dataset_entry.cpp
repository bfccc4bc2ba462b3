#include "linnet/data/dataset_entry.h"

#include <fmt/format.h>

#include <string>
#include <system_error>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/archive.h"
#include "linnet/io/cache.h"
#include "linnet/io/download.h"

namespace linnet {

template <>
Registry<DatasetEntry>& registry<DatasetEntry>() {
  static Registry<DatasetEntry> rows("data set");
  return rows;
}

namespace {

std::string folder_of(const DatasetEntry& dataset) {
  if (!dataset.folder.empty()) return std::string(dataset.folder);
  std::string name = url_file_name(dataset.url);
  for (const std::string_view ending : {".tar.gz", ".tgz", ".tar", ".zip", ".gz"}) {
    if (name.ends_with(ending) && name.size() > ending.size())
      return name.substr(0, name.size() - ending.size());
  }
  return name;
}

bool is_there(const std::filesystem::path& path) {
  std::error_code failure;
  return std::filesystem::exists(path, failure);
}

std::filesystem::path fetched_archive(const DatasetEntry& dataset, const UntarOptions& options) {
  const auto archive = cached_archives_dir() / url_file_name(dataset.url);
  if (!is_there(archive)) {
    if (options.offline) {
      throw IoError("untar_data",
                    fmt::format("data set '{}' is not in the cache, and the network is not to be "
                                "used. Get {} elsewhere and put it at {}",
                                dataset.name, dataset.url, archive.string()));
    }
    const std::string size =
        dataset.bytes > 0 ? " (" + human_bytes(static_cast<double>(dataset.bytes)) + ")" : "";
    options.reporter->note(
        fmt::format("fetching {}{} from {}", dataset.name, size, mirrored_url(dataset.url)));
  }
  download(mirrored_url(dataset.url), archive,
           {.check = {.bytes = dataset.bytes,
                      .sha256 = std::string(dataset.sha256),
                      .md5_first_mib = std::string(dataset.md5_first_mib)},
            .reporter = options.reporter});
  return archive;
}

}  // namespace

std::filesystem::path dataset_path(const DatasetEntry& dataset) {
  return cached_data_dir() / folder_of(dataset);
}

std::filesystem::path untar_data(const DatasetEntry& dataset, const UntarOptions& options) {
  const auto path = dataset_path(dataset);
  if (dataset.make != nullptr) {
    std::error_code ignored;  // what is in the way makes the next call fail
    if (options.again) std::filesystem::remove_all(path, ignored);
    made_dir(path.parent_path());
    dataset.make(path, *options.reporter);
    return path;
  }
  if (is_there(path) && !options.again) return path;
  const auto archive = fetched_archive(dataset, options);
  made_dir(path.parent_path());
  options.reporter->note(
      fmt::format("unpacking {} to {}", archive.filename().string(), path.string()));
  auto fresh = path;
  if (is_there(path)) fresh += ".new";  // the old one stays until the new one is complete
  extract(archive, fresh, {.unwrap_single_folder = true, .reporter = options.reporter});
  if (fresh != path) {
    std::error_code failure;
    std::filesystem::remove_all(path, failure);
    if (!failure) std::filesystem::rename(fresh, path, failure);
    if (failure)
      throw IoError("untar_data", path, fmt::format("cannot be replaced: {}", failure.message()));
  }
  return path;
}

}  // namespace linnet
