#include <fmt/format.h>

#include "linnet/app/job.h"
#include "linnet/core/error.h"
#include "linnet/data/dataset_entry.h"

namespace linnet {

namespace {

Json run_data_path(const Request& request, Reporter& reporter) {
  const DatasetEntry& dataset = registry<DatasetEntry>().at(request.text("name"));
  const auto path = dataset_path(dataset);
  std::error_code unreadable;
  if (!std::filesystem::exists(path, unreadable)) {
    throw DataError("data path", path,
                    fmt::format("{} is not in the cache. `linnet data get {}` fetches it.",
                                dataset.name, dataset.name));
  }
  reporter.note(path.string());
  return Json{{"name", dataset.name}, {"path", path.string()}};
}

}  // namespace

const Registered<Job> data_path_job{
    {.name = "data path",
     .summary = "where a data set lies in the cache",
     .help = "Prints the folder, and nothing else, for use in other commands.\n\n"
             "Examples\n"
             "  ls \"$(linnet data path pets)\"",
     .fields =
         [] {
           return std::vector<Field>{{.name = "name",
                                      .kind = FieldKind::text,
                                      .help = "of a data set: see `linnet data list`",
                                      .choices = registry<DatasetEntry>().names(),
                                      .positional = true,
                                      .required = true}};
         },
     .run = run_data_path}};

}  // namespace linnet
