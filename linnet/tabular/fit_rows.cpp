#include "linnet/tabular/fit_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

constexpr const char* kFitRowsWhere = "TabularDataLoaders";
constexpr double kStdGuard = 1e-7;  // fastai's: a constant column is divided by it

/** A column's numbers in the training rows. */
struct Numbers {
  std::vector<double> present;  // in the order of the training rows
  int64_t missing = 0;
  int64_t first_missing = -1;  // a row
};

Numbers numbers_in(const Table& table, const std::string& name, const std::vector<int64_t>& train) {
  const TableColumn& column = table[name];
  Numbers numbers;
  for (const int64_t row : train) {
    const Label cell = column[row];
    if (is_missing(cell)) {
      if (numbers.missing++ == 0) numbers.first_missing = row;
      continue;
    }
    const auto value = as_type(cell, CellType::number);
    if (!value) {
      throw DataError(
          kFitRowsWhere, table.path(),
          fmt::format("column '{}': got '{}', expected a number. Take it as a category, "
                      "or correct the cell",
                      name, shown_text(cell.text())),
          table.line(row));
    }
    numbers.present.push_back(value->number());
  }
  return numbers;
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// Of several as frequent ones the one met first.
double mode_of(const std::vector<double>& values) {
  std::map<double, int64_t> counts;
  for (const double value : values) ++counts[value];
  return *std::max_element(values.begin(), values.end(),
                           [&](double a, double b) { return counts.at(a) < counts.at(b); });
}

double filling(const Numbers& numbers, const std::string& name, const procs::FillMissing& fill) {
  switch (fill.fill_strategy) {
    case procs::FillStrategy::median:
      return median_of(numbers.present);
    case procs::FillStrategy::mode:
      return mode_of(numbers.present);
    case procs::FillStrategy::constant:
      break;
  }
  const auto given = fill.fill_vals.find(name);
  return given == fill.fill_vals.end() ? 0 : given->second;
}

NumberColumn fit_number(const Table& table, const std::string& name,
                        const std::vector<int64_t>& train, const std::vector<Proc>& procs) {
  Numbers numbers = numbers_in(table, name, train);
  NumberColumn column{.name = name};
  if (numbers.missing > 0) {
    const auto* fill = find_proc<procs::FillMissing>(procs);
    if (fill == nullptr) {
      throw DataError(
          kFitRowsWhere, table.path(),
          fmt::format("column '{}' has no number in {} training rows, this is the first. "
                      "Add procs::FillMissing()",
                      name, numbers.missing),
          table.line(numbers.first_missing));
    }
    if (numbers.present.empty()) {
      throw DataError(
          kFitRowsWhere, table.path(),
          fmt::format("column '{}' has no number in any training row: leave it out", name));
    }
    column.fill = filling(numbers, name, *fill);
    numbers.present.insert(numbers.present.end(), static_cast<size_t>(numbers.missing),
                           *column.fill);
  }
  if (find_proc<procs::Normalize>(procs) == nullptr) return column;
  const auto n = static_cast<double>(numbers.present.size());
  double sum = 0, squares = 0;
  for (const double value : numbers.present) sum += value;
  column.mean = sum / n;
  for (const double value : numbers.present) squares += std::pow(value - column.mean, 2);
  column.std = std::sqrt(squares / n) + kStdGuard;
  return column;
}

CategoryColumn fit_category(const Table& table, const std::string& name,
                            const std::vector<int64_t>& train, bool whole_vocab) {
  const TableColumn& column = table[name];
  std::set<Label, LabelOrder> different;
  const auto add = [&](const Label& cell) {
    if (!is_missing(cell)) different.insert(cell);
  };
  if (whole_vocab && column.type() == CellType::text) {
    for (const Label& cell : column.cells()) add(cell);
  } else {
    for (const int64_t row : train) add(column[row]);
  }
  return {.name = name, .type = column.type(), .vocab = {different.begin(), different.end()}};
}

void check(const FitRowsOptions& options, const std::vector<std::string>& row) {
  std::set<std::string> different;
  for (const auto& name : row) {
    if (different.insert(name).second) continue;
    throw UsageError(kFitRowsWhere,
                     fmt::format("the column '{}' comes twice in cat_names and cont_names", name));
  }
  if (row.empty()) throw UsageError(kFitRowsWhere, "got no cat_names and no cont_names");
  if (options.cat_names.empty() || find_proc<procs::Categorify>(options.procs) != nullptr) return;
  throw UsageError(kFitRowsWhere, "cat_names need procs::Categorify(): a model works on numbers");
}

}  // namespace

FittedRows fit_rows(const Table& table, const std::vector<int64_t>& train,
                    const FitRowsOptions& options) {
  const auto cat_names = options.cat_names.names_in(table);
  const auto cont_names = options.cont_names.names_in(table);
  auto row = cat_names;
  row.insert(row.end(), cont_names.begin(), cont_names.end());
  check(options, row);
  FittedRows fitted{.categories = {.row = row}, .numbers = {.row = row}};
  const auto procs = in_order(options.procs);
  const auto* fill = find_proc<procs::FillMissing>(procs);
  for (const auto& name : cat_names) {
    fitted.categories.columns.push_back(fit_category(table, name, train, options.whole_vocab));
  }
  for (const auto& name : cont_names) {
    fitted.numbers.columns.push_back(fit_number(table, name, train, procs));
    if (!fitted.numbers.columns.back().fill || !fill->add_col) continue;
    fitted.categories.columns.push_back({.name = name + "_na",
                                         .type = CellType::boolean,
                                         .vocab = {Label(false), Label(true)},
                                         .missing_of = name});
  }
  return fitted;
}

}  // namespace linnet
