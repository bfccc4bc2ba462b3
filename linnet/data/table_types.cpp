#include "linnet/data/table_types.h"

#include <algorithm>
#include <limits>
#include <set>

namespace linnet {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

Range range_of(const TableColumn& column) {
  Range range;
  for (const Label& cell : column.cells()) {
    if (is_missing(cell)) continue;
    range.low = std::min(range.low, cell.number());
    range.high = std::max(range.high, cell.number());
  }
  return range;
}

template <class T>
bool holds(const Range& range) {
  return range.low >= static_cast<double>(std::numeric_limits<T>::lowest()) &&
         range.high <= static_cast<double>(std::numeric_limits<T>::max());
}

std::string integer_type(const Range& range, bool int2uint) {
  if (int2uint && range.low >= 0) {
    if (holds<uint8_t>(range)) return "uint8";
    if (holds<uint16_t>(range)) return "uint16";
    return holds<uint32_t>(range) ? "uint32" : "uint64";
  }
  if (holds<int8_t>(range)) return "int8";
  if (holds<int16_t>(range)) return "int16";
  return holds<int32_t>(range) ? "int32" : "";
}

// Empty when it stays.
std::string smallest_type(const TableColumn& column, const ShrinkOptions& options) {
  switch (column.type()) {
    case CellType::text:
      return options.obj2cat ? "category" : "";
    case CellType::integer:
      return integer_type(range_of(column), options.int2uint);
    case CellType::number: {
      const Range range = range_of(column);
      return range.low <= range.high && holds<float>(range) ? "float32" : "";
    }
    case CellType::boolean:
      break;
  }
  // Pandas keeps booleans with missing ones as objects.
  const auto cells = column.cells();
  const bool missing = std::any_of(cells.begin(), cells.end(), is_missing);
  return missing && options.obj2cat ? "category" : "";
}

}  // namespace

ContCatNames cont_cat_split(const Table& table, const ContCatSplitOptions& options) {
  const auto targets = options.dep_var.names_in(table);
  ContCatNames split;
  for (const TableColumn& column : table.columns()) {
    if (contains(targets, column.name())) continue;
    bool number = column.type() == CellType::number;
    if (column.type() == CellType::integer) {
      const auto cells = column.cells();
      const std::set<Label, LabelOrder> different(cells.begin(), cells.end());
      number = static_cast<int64_t>(different.size()) > options.max_card;
    }
    (number ? split.cont_names : split.cat_names).push_back(column.name());
  }
  return split;
}

std::vector<std::pair<std::string, std::string>> df_shrink_dtypes(const Table& table,
                                                                  const ShrinkOptions& options) {
  const auto skipped = options.skip.names_in(table);
  std::vector<std::pair<std::string, std::string>> types;
  for (const TableColumn& column : table.columns()) {
    if (contains(skipped, column.name())) continue;
    if (auto type = smallest_type(column, options); !type.empty()) {
      types.emplace_back(column.name(), std::move(type));
    }
  }
  return types;
}

}  // namespace linnet
