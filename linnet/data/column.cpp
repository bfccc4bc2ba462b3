#include "linnet/data/column.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/cell.h"

namespace linnet {

size_t ColumnRef::in(const CsvTable& table) const {
  if (const auto* name = std::get_if<std::string>(&ref_)) return table.column(*name);
  const int64_t position = std::get<int64_t>(ref_);
  const auto n = static_cast<int64_t>(table.header.size());
  if (position >= 0 && position < n) return static_cast<size_t>(position);
  throw DataError("column", table.path,
                  fmt::format("got column {}, expected 0 to {}: the table has {} column(s)",
                              position, n - 1, n));
}

Json ColumnRef::to_json() const {
  return std::visit([](const auto& ref) { return Json(ref); }, ref_);
}

ColumnRef ColumnRef::from_json(const Json& json) {
  if (json.is_int()) return json.as_int();
  return json.as_string();
}

Json Columns::to_json() const {
  Json list(Json::Array{});
  for (const ColumnRef& column : columns_) list.push_back(column.to_json());
  return list;
}

Columns Columns::from_json(const Json& json) {
  Columns columns;
  for (const Json& column : json.as_array()) {
    columns.columns_.push_back(ColumnRef::from_json(column));
  }
  return columns;
}

ColReader::ColReader(const CsvTable& table, const Columns& columns, ColReaderOptions options)
    : options_(std::move(options)) {
  const bool as_text =
      !options_.pref.empty() || !options_.suff.empty() || !options_.label_delim.empty();
  for (const ColumnRef& column : columns) {
    const size_t at = column.in(table);
    Cells cells{.type = Type::text, .texts = {}};
    cells.texts.reserve(table.rows.size());
    for (const auto& row : table.rows) cells.texts.push_back(row[at]);
    const auto all = [&](auto reads) {
      return !as_text && !cells.texts.empty() &&
             std::all_of(cells.texts.begin(), cells.texts.end(),
                         [&](const std::string& text) { return reads(text).has_value(); });
    };
    if (all(number_in)) cells.type = Type::number;
    if (all(bool_in)) cells.type = Type::boolean;
    columns_.push_back(std::move(cells));
  }
}

Label ColReader::cell(const Cells& cells, size_t row) const {
  const std::string& text = cells.texts.at(row);
  if (!options_.label_delim.empty()) return split_labels(text, options_.label_delim);
  if (cells.type == Type::number) return *number_in(text);
  if (cells.type == Type::boolean) return *bool_in(text);
  return options_.pref + text + options_.suff;
}

Label ColReader::operator()(size_t row) const {
  if (columns_.size() == 1) return cell(columns_[0], row);
  std::vector<Label> labels;
  for (const Cells& cells : columns_) labels.push_back(cell(cells, row));
  return Label::list(std::move(labels));
}

Label split_labels(std::string_view text, std::string_view delimiter) {
  std::vector<Label> labels;
  while (true) {
    const auto end = text.find(delimiter);
    const auto part = trim(text.substr(0, end));
    if (!part.empty()) labels.emplace_back(std::string(part));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + delimiter.size());
  }
  return Label::list(std::move(labels));
}

}  // namespace linnet
