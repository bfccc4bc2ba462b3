#include "linnet/data/column.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/table.h"

namespace linnet {

size_t ColumnRef::in(const Table& table) const {
  const auto& columns = table.columns();
  if (const auto* position = std::get_if<int64_t>(&ref_)) {
    const auto n = std::ssize(columns);
    if (*position >= 0 && *position < n) return static_cast<size_t>(*position);
    throw DataError("column", table.path(),
                    fmt::format("got column {}, expected 0 to {}: the table has {} column(s)",
                                *position, n - 1, n));
  }
  const auto& name = std::get<std::string>(ref_);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name() == name) return i;
  }
  throw DataError("Table", table.path(), unknown_name("column", name, table.names()));
}

Json ColumnRef::to_json() const {
  return std::visit([](const auto& ref) { return Json(ref); }, ref_);
}

ColumnRef ColumnRef::from_json(const Json& json) {
  if (json.is_int()) return json.as_int();
  return json.as_string();
}

std::vector<std::string> Columns::names_in(const Table& table) const {
  std::vector<std::string> names;
  for (const ColumnRef& column : columns_) names.push_back(table[column].name());
  return names;
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

}  // namespace linnet
