#include <fmt/format.h>

#include <filesystem>

#include "linnet/app/job.h"
#include "linnet/core/strings.h"
#include "linnet/data/dataset_entry.h"
#include "linnet/io/cache.h"

namespace linnet {

namespace {

bool in_cache(const DatasetEntry& dataset) {
  std::error_code unreadable;
  return std::filesystem::exists(dataset_path(dataset), unreadable);
}

Json describe(const DatasetEntry& dataset) {
  return Json{{"name", dataset.name},
              {"what", dataset.what},
              {"bytes", dataset.bytes > 0 ? Json(dataset.bytes) : Json(nullptr)},
              {"licence", dataset.licence},
              {"verified", dataset.verifies()},
              {"check_source", dataset.check_source},
              {"url", dataset.url},
              {"in_cache", in_cache(dataset)},
              {"path", dataset_path(dataset).string()}};
}

Json run_data_list(const Request&, Reporter& reporter) {
  const auto& datasets = registry<DatasetEntry>().rows();
  reporter.note(fmt::format("{:<24} {:>8}  {:<8}  {}", "name", "size", "in cache", "what"));
  for (const DatasetEntry& dataset : datasets) {
    const std::string size =
        dataset.bytes > 0 ? human_bytes(static_cast<double>(dataset.bytes)) : "?";
    reporter.note(fmt::format("{:<24} {:>8}  {:<8}  {}", dataset.name, size,
                              in_cache(dataset) ? "yes" : "", dataset.what));
    if (!dataset.licence.empty())
      reporter.note(fmt::format("{:<44}licence: {}", "", dataset.licence));
    reporter.event("dataset", describe(dataset));
  }
  reporter.note(fmt::format(
      "\n{} data sets. `linnet data get NAME` fetches one into {}. A size is that of the download.",
      datasets.size(), cached_data_dir().string()));
  return nullptr;
}

}  // namespace

const Registered<Job> data_list_job{
    {.name = "data list",
     .summary = "the data sets that linnet knows: name, size, licence, whether it is in the cache",
     .help = "Lists data sets to learn on, most of them the book's.\n\n"
             "Examples\n"
             "  linnet data list\n"
             "  linnet data list --json",
     .fields = [] { return std::vector<Field>{}; },
     .run = run_data_list}};

}  // namespace linnet
