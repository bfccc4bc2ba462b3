#include "linnet/tabular/row_numbers.h"

#include <fmt/format.h>

#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/cell.h"
#include "linnet/tabular/row_categories.h"

namespace linnet {

namespace {

constexpr const char* kRowNumbersWhere = "RowNumbersBlock";

/** A cell's number, or what is wrong with it. */
struct Reading {
  double number = 0;
  std::string fault = "";
};

Reading read_cell(const Label& cell, const NumberColumn& column) {
  const auto value = as_type(cell, CellType::number);
  if (!value) {
    return {.fault = fmt::format("column '{}': got '{}', expected a number", column.name,
                                 shown_text(cell.text()))};
  }
  if (value->is_number() && std::isfinite(value->number())) return {.number = value->number()};
  if (value->is_number()) {
    return {.fault = fmt::format("column '{}': got {}, expected a finite number", column.name,
                                 value->text())};
  }
  if (column.fill) return {.number = *column.fill};
  return {.fault = fmt::format("nan values in `{}` but not in setup training set: this row has no "
                               "number there, and the model never met that. Give it one",
                               column.name)};
}

}  // namespace

RowNumbersBlock::RowNumbersBlock(RowNumbers parts) : parts_(std::move(parts)) {
  for (const NumberColumn& column : parts_.columns) {
    places_.push_back(detail::place_in(parts_.row, column.name, kRowNumbersWhere));
  }
}

Json RowNumbersBlock::config() const {
  Json columns(Json::Array{});
  for (const NumberColumn& column : parts_.columns) {
    Json entry{{"name", column.name}, {"mean", column.mean}, {"std", column.std}};
    if (column.fill) entry["fill"] = *column.fill;
    columns.push_back(std::move(entry));
  }
  return Json{{"row", Json::array(parts_.row)}, {"columns", columns}};
}

Value RowNumbersBlock::encode(const Value& source) const {
  const auto& cells = detail::cells_of(source, parts_.row, kRowNumbersWhere);
  auto numbers = torch::empty({static_cast<int64_t>(parts_.columns.size())});
  auto* values = numbers.data_ptr<float>();
  for (size_t i = 0; i < parts_.columns.size(); ++i) {
    const NumberColumn& column = parts_.columns[i];
    const auto [number, fault] = read_cell(cells[places_[i]], column);
    if (!fault.empty()) throw DataError(kRowNumbersWhere, fault);
    values[i] = static_cast<float>((number - column.mean) / column.std);
  }
  return numbers;
}

std::string RowNumbersBlock::fault_of(const Value& source) const {
  const auto& cells = detail::cells_of(source, parts_.row, kRowNumbersWhere);
  for (size_t i = 0; i < parts_.columns.size(); ++i) {
    auto reading = read_cell(cells[places_[i]], parts_.columns[i]);
    if (!reading.fault.empty()) return std::move(reading.fault);
  }
  return "";
}

const Registered<BlockEntry> row_numbers_entry{
    {"row_numbers", [](const Json& config) -> Block {
       RowNumbers parts{.row = config.at("row").as_strings(), .columns = {}};
       for (const Json& entry : config.at("columns").as_array()) {
         NumberColumn column{.name = entry.at("name").as_string(),
                             .mean = entry.at("mean").as_double(),
                             .std = entry.at("std").as_double()};
         if (const Json* fill = entry.find("fill")) column.fill = fill->as_double();
         parts.columns.push_back(std::move(column));
       }
       return RowNumbersBlock(std::move(parts));
     }}};

}  // namespace linnet
