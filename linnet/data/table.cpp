#include "linnet/data/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/label.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace {

constexpr const char* kTableWhere = "Table";

}  // namespace

TableColumn::TableColumn(std::string name, CellType type, const std::vector<Label>& cells)
    : name_(std::move(name)), type_(type) {
  for (const Label& cell : cells) {
    add(cell.text());
    if (!cell.is_list() && cell_in(cell.text(), type)) continue;
    throw UsageError(kTableWhere, fmt::format("column '{}': got '{}', expected a {}", name_,
                                              shown_text(cell.text()), to_string(type)));
  }
}

void TableColumn::add(std::string_view text) {
  texts_ += text;
  ends_.push_back(texts_.size());
}

std::string_view TableColumn::text(int64_t row) const {
  const auto at = static_cast<size_t>(row);
  const size_t end = ends_.at(at), begin = at == 0 ? 0 : ends_[at - 1];
  return std::string_view(texts_).substr(begin, end - begin);
}

Label TableColumn::operator[](int64_t row) const {
  auto cell = text(row);
  while (skip_initial_space_ && cell.starts_with(' ')) cell.remove_prefix(1);
  return *cell_in(cell, type_);
}

std::vector<Label> TableColumn::cells() const {
  std::vector<Label> cells;
  cells.reserve(ends_.size());
  for (int64_t row = 0; row < size(); ++row) cells.push_back((*this)[row]);
  return cells;
}

CellType type_of(const TableColumn& column, Gaps gaps) {
  bool any = false, missing = false, booleans = true, integers = true, numbers = true;
  for (int64_t row = 0; row < column.size(); ++row) {
    const auto text = column.text(row);
    const bool number = numbers && number_in(text);
    if (!number && is_missing_text(text)) {
      if (gaps == Gaps::make_text) return CellType::text;
      missing = true;
      continue;
    }
    any = true;
    numbers = number;
    integers = integers && number && is_integer_text(text);
    booleans = booleans && !number && bool_in(text);
    if (!booleans && !numbers) return CellType::text;
  }
  // A column of nothing has no type; pandas calls it numbers.
  if (!any) return missing ? CellType::number : CellType::text;
  if (booleans) return CellType::boolean;
  return integers && !missing ? CellType::integer : CellType::number;
}

Table::Table(std::vector<TableColumn> columns) {
  if (columns.empty()) throw UsageError(kTableWhere, "got no columns");
  for (TableColumn& column : columns) {
    if (has(column.name())) {
      throw UsageError(kTableWhere, fmt::format("the column '{}' comes twice", column.name()));
    }
    set(std::move(column));
  }
}

Table::Table(CsvReader csv) : path_(csv.path()) {
  for (const std::string& name : csv.header()) columns_.emplace_back(name);
  while (csv.next()) {
    for (size_t i = 0; i < columns_.size(); ++i) columns_[i].add(csv.fields()[i]);
    lines_.push_back(csv.line());
  }
}

Table Table::from_csv(const std::filesystem::path& csv, const TableOptions& options) {
  return read_csv(csv, {.delimiter = options.delimiter}).typed(options);
}

Table Table::typed(const TableOptions& options) const {
  Table typed = *this;
  std::set<std::string_view> names;
  for (TableColumn& column : typed.columns_) {
    if (!names.insert(column.name_).second) {
      throw DataError(
          kTableWhere, path_,
          fmt::format("has the column '{}' twice: names must differ", shown_text(column.name_)), 1);
    }
    column.skip_initial_space_ = options.skip_initial_space;
    if (!options.all_text) column.type_ = type_of(column);
  }
  return typed;
}

std::vector<std::string> Table::names() const {
  std::vector<std::string> names;
  for (const TableColumn& column : columns_) names.push_back(column.name());
  return names;
}

bool Table::has(std::string_view name) const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [&](const TableColumn& column) { return column.name_ == name; });
}

std::vector<Label> Table::row(int64_t row, const Columns& columns) const {
  std::vector<Label> cells;
  for (const ColumnRef& column : columns) cells.push_back((*this)[column][row]);
  return cells;
}

std::vector<std::string> Table::texts(int64_t row) const {
  std::vector<std::string> texts;
  for (const TableColumn& column : columns_) texts.emplace_back(column.text(row));
  return texts;
}

void Table::set(TableColumn column) {
  if (!columns_.empty() && column.size() != rows()) {
    throw UsageError(kTableWhere,
                     fmt::format("column '{}': got {} cells, expected {}, one for each row",
                                 column.name(), column.size(), rows()));
  }
  if (!has(column.name())) columns_.emplace_back(column.name());
  columns_[ColumnRef(column.name()).in(*this)] = std::move(column);
}

void Table::drop(const ColumnRef& column) {
  columns_.erase(columns_.begin() + static_cast<std::ptrdiff_t>(column.in(*this)));
}

Table Table::subset(const std::vector<int64_t>& rows) const {
  Table part;
  part.path_ = path_;
  for (const int64_t row : rows) part.lines_.push_back(line(row));
  for (const TableColumn& column : columns_) {
    TableColumn kept(column.name_);
    kept.type_ = column.type_;
    kept.skip_initial_space_ = column.skip_initial_space_;
    for (const int64_t row : rows) kept.add(column.text(row));
    part.columns_.push_back(std::move(kept));
  }
  return part;
}

int64_t Table::line(int64_t row) const {
  return lines_.empty() ? row + 1 : lines_.at(static_cast<size_t>(row));
}

Table read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  return Table(CsvReader(file_text(path, "read_csv"), options, path));
}

Items row_items(const Table& table) {
  const auto path = std::make_shared<const std::filesystem::path>(table.path());
  std::vector<Item> items;
  items.reserve(static_cast<size_t>(table.rows()));
  for (int64_t row = 0; row < table.rows(); ++row)
    items.push_back(Item::row(row, table.line(row), path));
  return Items(std::move(items));
}

LabelRule row_label(const Table& table, const ColumnRef& named) {
  const TableColumn& column = table[named];
  const auto cells = std::make_shared<const std::vector<Label>>(column.cells());
  return LabelRule::of_items(
      [cells, name = column.name()](const Item& item) -> Label {
        const int64_t row = item.position();
        if (row >= std::ssize(*cells)) {
          throw UsageError("row_label",
                           fmt::format("got {}, expected a row of {}", item.name(), cells->size()));
        }
        const Label& cell = (*cells)[static_cast<size_t>(row)];
        if (!is_missing(cell)) return cell;
        throw item.error("row_label", fmt::format("column '{}' has no value in this row", name));
      },
      "column " + column.name());
}

}  // namespace linnet
