#include "linnet/interpret/batch_log.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/table.h"

namespace linnet {

namespace {

std::vector<double> column_of(const Table& table, const std::string& name) {
  const TableColumn& column = table[name];
  std::vector<double> values;
  for (int64_t row = 0; row < table.rows(); ++row) {
    const std::string cell(column.text(row));
    char* end = nullptr;
    values.push_back(std::strtod(cell.c_str(), &end));
    if (!cell.empty() && *end == '\0') continue;
    throw DataError("read_batch_log", table.path(),
                    fmt::format("column {}: got '{}', expected a number", name, shown_text(cell)),
                    table.line(row));
  }
  return values;
}

Chart chart_by_batch(std::string title, std::string y) {
  return {.title = std::move(title),
          .x = {.name = "batches trained", .whole = true},
          .y = {.name = std::move(y)},
          .nothing = "nothing to show: no batch was trained"};
}

}  // namespace

BatchLog read_batch_log(const std::filesystem::path& file) {
  const Table table = read_csv(file);
  return {.batches = column_of(table, "batch"),
          .losses = column_of(table, "loss"),
          .smoothed = column_of(table, "train_loss"),
          .first_lrs = column_of(table, "lr_first"),
          .last_lrs = column_of(table, "lr_last"),
          .moms = column_of(table, "mom")};
}

Chart loss_by_batch_chart(const BatchLog& log) {
  Chart chart = chart_by_batch("Training loss by batch", "loss");
  chart.series = {
      {.name = "each batch", .x = log.batches, .y = log.losses, .colour = "#a6c8e0", .width = 1},
      {.name = "smoothed", .x = log.batches, .y = log.smoothed}};
  return chart;
}

Chart lr_by_batch_chart(const BatchLog& log) {
  Chart chart = chart_by_batch("Learning rate by batch", "learning rate");
  if (log.first_lrs == log.last_lrs) {
    chart.series = {{.x = log.batches, .y = log.last_lrs}};
  } else {
    chart.series = {{.name = "first layers", .x = log.batches, .y = log.first_lrs},
                    {.name = "last layers", .x = log.batches, .y = log.last_lrs}};
  }
  return chart;
}

Chart momentum_by_batch_chart(const BatchLog& log) {
  Chart chart = chart_by_batch("Momentum by batch", "momentum");
  chart.series = {{.x = log.batches, .y = log.moms}};
  return chart;
}

}  // namespace linnet
