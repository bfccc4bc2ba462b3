#include "linnet/data/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

constexpr const char* kTableWhere = "Table";

CellType type_of(const std::vector<std::string>& texts) {
  bool any = false, missing = false, booleans = true, integers = true, numbers = true;
  for (const std::string& text : texts) {
    if (is_missing_text(text)) {
      missing = true;
      continue;
    }
    any = true;
    booleans = booleans && bool_in(text);
    numbers = numbers && number_in(text);
    integers = integers && is_integer_text(text);
  }
  // A column of nothing has no type; pandas calls it numbers.
  if (!any) return missing ? CellType::number : CellType::text;
  if (booleans) return CellType::boolean;
  if (!numbers) return CellType::text;
  return integers && !missing ? CellType::integer : CellType::number;
}

TableColumn column_of(const CsvTable& csv, size_t position, const TableOptions& options) {
  std::vector<std::string> texts;
  texts.reserve(csv.rows.size());
  for (const auto& row : csv.rows) {
    std::string_view text = row[position];
    while (options.skip_initial_space && text.starts_with(' ')) text.remove_prefix(1);
    texts.emplace_back(text);
  }
  TableColumn column{.name = csv.header[position],
                     .type = options.all_text ? CellType::text : type_of(texts),
                     .cells = {}};
  column.cells.reserve(texts.size());
  for (std::string& text : texts) {
    column.cells.push_back(*as_type(Label(std::move(text)), column.type));
  }
  return column;
}

template <class Columns>
auto find_in(Columns& columns, std::string_view name) {
  return std::find_if(columns.begin(), columns.end(),
                      [&](const TableColumn& column) { return column.name == name; });
}

}  // namespace

Table::Table(std::vector<TableColumn> columns) {
  if (columns.empty()) throw UsageError(kTableWhere, "got no columns");
  for (TableColumn& column : columns) {
    if (has(column.name)) {
      throw UsageError(kTableWhere, fmt::format("the column '{}' comes twice", column.name));
    }
    set(std::move(column));
  }
}

Table::Table(const CsvTable& csv, const TableOptions& options)
    : path_(csv.path), lines_(csv.lines) {
  for (size_t i = 0; i < csv.header.size(); ++i) {
    if (has(csv.header[i])) {
      throw DataError(
          kTableWhere, csv.path,
          fmt::format("has the column '{}' twice: names must differ", shown_text(csv.header[i])),
          1);
    }
    columns_.push_back(column_of(csv, i, options));
  }
}

Table Table::from_csv(const std::filesystem::path& csv, const TableOptions& options) {
  return Table(read_csv(csv, {.delimiter = options.delimiter}), options);
}

int64_t Table::rows() const {
  return columns_.empty() ? 0 : static_cast<int64_t>(columns_[0].cells.size());
}

std::vector<std::string> Table::names() const {
  std::vector<std::string> names;
  for (const TableColumn& column : columns_) names.push_back(column.name);
  return names;
}

bool Table::has(std::string_view name) const { return find_in(columns_, name) != columns_.end(); }

const TableColumn& Table::operator[](std::string_view name) const {
  const auto found = find_in(columns_, name);
  if (found != columns_.end()) return *found;
  throw DataError(kTableWhere, path_, unknown_name("column", name, names()));
}

std::vector<Label> Table::row(int64_t row, const std::vector<std::string>& names) const {
  std::vector<Label> cells;
  for (const std::string& name : names) {
    cells.push_back((*this)[name].cells.at(static_cast<size_t>(row)));
  }
  return cells;
}

void Table::set(TableColumn column) {
  const auto n = static_cast<int64_t>(column.cells.size());
  if (!columns_.empty() && n != rows()) {
    throw UsageError(kTableWhere,
                     fmt::format("column '{}': got {} cells, expected {}, one for each row",
                                 column.name, n, rows()));
  }
  const auto found = find_in(columns_, column.name);
  if (found != columns_.end()) {
    *found = std::move(column);
  } else {
    columns_.push_back(std::move(column));
  }
}

void Table::drop(std::string_view name) {
  (*this)[name];  // says what is missing
  columns_.erase(find_in(columns_, name));
}

Table Table::subset(const std::vector<int64_t>& rows) const {
  Table part;
  part.path_ = path_;
  for (const int64_t row : rows) part.lines_.push_back(line(row));
  for (const TableColumn& column : columns_) {
    TableColumn kept{.name = column.name, .type = column.type, .cells = {}};
    for (const int64_t row : rows) kept.cells.push_back(column.cells.at(static_cast<size_t>(row)));
    part.columns_.push_back(std::move(kept));
  }
  return part;
}

int64_t Table::line(int64_t row) const {
  return lines_.empty() ? row + 1 : lines_.at(static_cast<size_t>(row));
}

Items row_items(const Table& table) {
  const auto path = std::make_shared<const std::filesystem::path>(table.path());
  std::vector<Item> items;
  items.reserve(static_cast<size_t>(table.rows()));
  for (int64_t row = 0; row < table.rows(); ++row)
    items.push_back(Item::row(row, table.line(row), path));
  return Items(std::move(items));
}

LabelRule row_label(const Table& table, std::string_view column) {
  const auto cells = std::make_shared<const std::vector<Label>>(table[column].cells);
  return LabelRule::of_items(
      [cells, name = std::string(column)](const Item& item) -> Label {
        const int64_t row = item.position();
        if (row >= std::ssize(*cells)) {
          throw UsageError("row_label",
                           fmt::format("got {}, expected a row of {}", item.name(), cells->size()));
        }
        const Label& cell = (*cells)[static_cast<size_t>(row)];
        if (!is_missing(cell)) return cell;
        throw item.error("row_label", fmt::format("column '{}' has no value in this row", name));
      },
      "column " + std::string(column));
}

}  // namespace linnet
