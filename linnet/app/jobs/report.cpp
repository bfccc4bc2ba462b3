#include <fmt/format.h>

#include "linnet/app/job.h"
#include "linnet/app/run_report.h"

namespace linnet {

namespace {

std::vector<Field> report_fields() {
  return {{.name = "run",
           .kind = FieldKind::path,
           .help = "the folder of a run of `linnet train`",
           .placeholder = "DIR",
           .positional = true,
           .required = true}};
}

Json run_report(const Request& request, Reporter& reporter) {
  const auto file = write_run_report(request.path("run"), reporter);
  reporter.note(fmt::format("report    {}", file.string()));
  return Json{{"report", file.string()}};
}

}  // namespace

const Registered<Job> report_job{
    {.name = "report",
     .summary = "one page on a run: what was trained, how well, where it errs, how to repeat it",
     .help =
         "Every `linnet train` ends with it: report.html in the run's folder, one file that opens\n"
         "in any browser and needs no network. This makes it again, with the looks at a test set\n"
         "that were taken since. A part that cannot be made (the pictures are gone, say) says\n"
         "what is missing.\n\n"
         "Examples\n"
         "  linnet report runs/pets-resnet34",
     .fields = report_fields,
     .run = run_report}};

}  // namespace linnet
