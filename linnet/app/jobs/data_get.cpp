#include <fmt/format.h>

#include "linnet/app/job.h"
#include "linnet/data/dataset_entry.h"

namespace linnet {

namespace {

std::vector<Field> data_get_fields() {
  return {{.name = "name",
           .kind = FieldKind::text,
           .help = "of a data set: see `linnet data list`",
           .choices = registry<DatasetEntry>().names(),
           .positional = true,
           .required = true},
          {.name = "again", .kind = FieldKind::flag, .help = "unpack anew, over what is there"},
          {.name = "offline", .kind = FieldKind::flag, .help = "do not use the network"}};
}

Json run_data_get(const Request& request, Reporter& reporter) {
  const DatasetEntry& dataset = registry<DatasetEntry>().at(request.text("name"));
  if (!dataset.licence.empty())
    reporter.note(fmt::format("{}: {}. Licence: {}", dataset.name, dataset.what, dataset.licence));
  const auto path = untar_data(
      dataset,
      {.reporter = &reporter, .offline = request.flag("offline"), .again = request.flag("again")});
  reporter.note(path.string());
  return Json{{"name", dataset.name}, {"path", path.string()}};
}

}  // namespace

const Registered<Job> data_get_job{
    {.name = "data get",
     .summary = "fetch a data set into the cache, check it and unpack it",
     .help = "A download that breaks off goes on where it stopped. What is in the cache is not\n"
             "fetched again. Without a network: put the archive by hand where the error says.\n\n"
             "Examples\n"
             "  linnet data get pets\n"
             "  linnet data get mnist_sample",
     .fields = data_get_fields,
     .run = run_data_get}};

}  // namespace linnet
