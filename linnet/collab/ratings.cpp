#include "linnet/collab/ratings.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/col_reader.h"

namespace linnet {

namespace {

constexpr const char* kRatingsWhere = "read_ratings";

double rating_in(const Table& table, int64_t row, const TableColumn& column) {
  const auto text = trim(column.text(row));
  if (const auto value = finite_number_in(text)) return *value;
  throw DataError(kRatingsWhere, table.path(),
                  fmt::format("column '{}': got '{}', expected a number", shown_text(column.name()),
                              shown_text(text)),
                  table.line(row));
}

void check_names(const Table& table, const TableColumn& column) {
  for (int64_t row = 0; row < table.rows(); ++row) {
    const auto name = trim(column.text(row));
    if (!name.empty() && name != "#na#") continue;
    throw DataError(kRatingsWhere, table.path(),
                    fmt::format("column '{}': got '{}', expected a name or a number. Leave out "
                                "ratings of which it is not known whose or of what they are",
                                shown_text(column.name()), name),
                    table.line(row));
  }
}

}  // namespace

std::vector<Rating> read_ratings(const Table& table, const RatingColumns& columns) {
  const TableColumn& users = table[columns.user_name];
  const TableColumn& items = table[columns.item_name];
  const TableColumn& values = table[columns.rating_name];
  if (table.rows() == 0) {
    throw DataError(kRatingsWhere, table.path(), "has a header but no ratings below it");
  }
  check_names(table, users);
  check_names(table, items);
  const ColReader user_of(table, columns.user_name), item_of(table, columns.item_name);
  std::vector<Rating> ratings;
  ratings.reserve(static_cast<size_t>(table.rows()));
  for (int64_t row = 0; row < table.rows(); ++row) {
    ratings.push_back({user_of(row), item_of(row), rating_in(table, row, values)});
  }
  return ratings;
}

}  // namespace linnet
