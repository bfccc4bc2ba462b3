#include <fmt/format.h>

#include <cctype>

#include "linnet/app/job.h"
#include "linnet/app/plot_files.h"
#include "linnet/core/error.h"
#include "linnet/interpret/batch_log.h"
#include "linnet/interpret/training_charts.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::vector<Field> plot_fields() {
  using enum FieldKind;
  return {{.name = "run",
           .kind = path,
           .help = "the folder of a run, or its log.csv",
           .positional = true,
           .required = true},
          {.name = "out",
           .kind = path,
           .help = "the folder to write the pictures into",
           .preset_note = "the run's",
           .placeholder = "DIR"}};
}

fs::path log_of(const Request& request) {
  fs::path file = request.path("run");
  if (fs::is_directory(file)) file /= "log.csv";
  if (fs::exists(file)) return file;
  throw DataError("plot", file, "there is no such log. Give the folder that `linnet train` wrote.");
}

// A metric's name as a file's.
std::string file_name(const std::string& metric) {
  std::string name;
  for (const char c : metric) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ? c : '_';
  }
  return name;
}

Json run_plot(const Request& request, Reporter& reporter) {
  const auto log = log_of(request);
  const auto rows = read_training_log(log);
  PlotFiles files(request.has("out")      ? request.path("out")
                  : log.has_parent_path() ? log.parent_path()
                                          : fs::path("."));
  files.add("loss", loss_chart(rows));
  const auto names = metric_columns(rows);
  const auto charts = metric_charts(rows);
  for (size_t i = 0; i < charts.size(); ++i) files.add(file_name(names[i]), charts[i]);
  const fs::path batches = log.parent_path() / "batches.csv";
  if (fs::exists(batches)) {
    const BatchLog by_batch = read_batch_log(batches);
    files.add("loss_by_batch", loss_by_batch_chart(by_batch));
    files.add("lr_by_batch", lr_by_batch_chart(by_batch));
    files.add("momentum_by_batch", momentum_by_batch_chart(by_batch));
  }
  reporter.note(fmt::format("{} epochs of {}:", rows.size(), log.string()));
  for (const auto& file : files.written()) reporter.note("  " + file);
  return Json{{"epochs", rows.size()}, {"files", Json::array(files.written())}};
}

}  // namespace

const Registered<Job> plot_job{
    {.name = "plot",
     .summary = "draw the curves of a training run",
     .help =
         "Reads the run's log.csv, while it trains too, and writes a picture of the losses and "
         "one\n"
         "of each metric, as SVG and as PNG; from batches.csv beside it also loss, learning rate\n"
         "and momentum by batch.\n\n"
         "Examples\n"
         "  linnet plot runs/pets-resnet34\n"
         "  linnet plot runs/pets-resnet34 --out curves",
     .fields = plot_fields,
     .run = run_plot}};

}  // namespace linnet
