#include "linnet/interpret/training_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/table.h"

namespace linnet {

namespace {

constexpr const char* kNoEpochs = "nothing to show: no epoch was finished";
constexpr const char* kNoBatches = "nothing to show: no batch was trained";
constexpr std::array<std::string_view, 6> kNoMetrics = {"fit",        "epoch", "train_loss",
                                                        "valid_loss", "time",  "seconds"};

double logged_number(const Table& table, const TableColumn& column, int64_t row) {
  const std::string cell(column.text(row));
  char* end = nullptr;
  const double value = std::strtod(cell.c_str(), &end);
  if (end == cell.c_str() + cell.size()) return value;
  throw DataError(
      "read_training_log", table.path(),
      fmt::format("column {}: got '{}', expected a number", column.name(), shown_text(cell)),
      table.line(row));
}

// Of the epochs trained, the first being 1. Missing values are gaps.
Series column_series(const std::vector<Json>& rows, std::string_view column, std::string name) {
  Series series{.name = std::move(name)};
  for (size_t i = 0; i < rows.size(); ++i) {
    const Json* cell = rows[i].find(column);
    series.x.push_back(static_cast<double>(i + 1));
    series.y.push_back(cell != nullptr && cell->is_number()
                           ? cell->as_double()
                           : std::numeric_limits<double>::quiet_NaN());
  }
  return series;
}

Chart epoch_chart(std::string title, std::string y) {
  return {.title = std::move(title),
          .x = {.name = "epochs trained", .whole = true},
          .y = {.name = std::move(y)},
          .nothing = kNoEpochs};
}

Series per_batch_series(std::string name, std::vector<double> values) {
  Series series{.name = std::move(name), .y = std::move(values)};
  for (size_t i = 0; i < series.y.size(); ++i) series.x.push_back(static_cast<double>(i + 1));
  return series;
}

// What the table shows, batch by batch.
std::vector<double> smoothed(const std::vector<double>& losses) {
  SmoothLoss smooth;
  std::vector<double> values;
  for (const double loss : losses) {
    smooth.update(loss);
    values.push_back(smooth.value());
  }
  return values;
}

}  // namespace

std::vector<Json> read_training_log(const std::filesystem::path& file) {
  const Table table = read_csv(file);
  table["epoch"];  // or says that it is missing
  std::vector<Json> rows;
  for (int64_t at = 0; at < table.rows(); ++at) {
    Json row = Json::object();
    for (const TableColumn& column : table.columns()) {
      if (!column.text(at).empty()) row[column.name()] = logged_number(table, column, at);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Chart loss_chart(const std::vector<Json>& rows) {
  Chart chart = epoch_chart("Loss", "loss");
  chart.series = {column_series(rows, "train_loss", "training"),
                  column_series(rows, "valid_loss", "validation")};
  return chart;
}

std::vector<std::string> metric_columns(const std::vector<Json>& rows) {
  std::vector<std::string> names;
  for (const Json& row : rows) {
    for (const auto& [name, value] : row.as_object()) {
      const bool other = std::find(kNoMetrics.begin(), kNoMetrics.end(), name) != kNoMetrics.end();
      if (other || std::find(names.begin(), names.end(), name) != names.end()) continue;
      names.push_back(name);
    }
  }
  return names;
}

std::vector<Chart> metric_charts(const std::vector<Json>& rows) {
  std::vector<Chart> charts;
  for (const std::string& name : metric_columns(rows)) {
    charts.push_back(epoch_chart(name, name));
    charts.back().series = {column_series(rows, name, "")};
  }
  return charts;
}

Chart batch_loss_chart(const Recorder& recorder) {
  const auto& losses = recorder.losses();
  Chart chart{.title = "Loss by batch",
              .x = {.name = "batches trained", .whole = true},
              .y = {.name = "loss"},
              .nothing = kNoBatches};
  Series raw = per_batch_series("training, each batch", losses);
  raw.colour = "#a6c8e0";
  raw.width = 1;
  chart.series = {std::move(raw), per_batch_series("training, smoothed", smoothed(losses))};
  const auto& rows = recorder.rows();
  if (rows.empty()) return chart;
  Series valid = column_series(rows, "valid_loss", "validation");
  const double per_epoch = static_cast<double>(losses.size()) / static_cast<double>(rows.size());
  for (double& x : valid.x) x *= per_epoch;
  chart.series.push_back(std::move(valid));
  return chart;
}

Chart schedule_chart(const std::vector<std::vector<double>>& per_batch, const std::string& name) {
  Chart chart{.title = name + " by batch",
              .x = {.name = "batches trained", .whole = true},
              .y = {.name = name},
              .nothing = kNoBatches};
  if (per_batch.empty()) return chart;
  std::vector<double> first, last;
  for (const auto& groups : per_batch) {
    if (groups.empty()) throw UsageError("schedule_chart", "got a batch without groups");
    first.push_back(groups.front());
    last.push_back(groups.back());
  }
  if (first == last) {
    chart.series = {per_batch_series("", std::move(first))};
  } else {
    chart.series = {per_batch_series("first layers", std::move(first)),
                    per_batch_series("last layers", std::move(last))};
  }
  return chart;
}

Chart lr_find_chart(const LrFindResult& found) {
  Chart chart{.title = "Learning rate finder",
              .x = {.name = "learning rate", .log = true},
              .y = {.name = "loss, smoothed"},
              .series = {{.x = found.curve.lrs, .y = found.curve.losses}},
              .nothing = kNoBatches};
  for (const auto& [name, suggested] : found.suggestions) {
    chart.marks.push_back(
        {suggested.point_lr, suggested.point_loss, fmt::format("{}: {:.2g}", name, suggested.lr)});
  }
  return chart;
}

}  // namespace linnet
