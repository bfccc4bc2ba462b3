#include "linnet/collab/ratings.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/cell.h"

namespace linnet {

namespace {

constexpr const char* kRatingsWhere = "read_ratings";

double rating_in(const CsvTable& table, size_t row, size_t column) {
  const auto text = trim(table.rows[row][column]);
  if (const auto value = finite_number_in(text)) return *value;
  throw DataError(kRatingsWhere, table.path,
                  fmt::format("column '{}': got '{}', expected a number",
                              shown_text(table.header[column]), shown_text(text)),
                  table.lines[row]);
}

void check_names(const CsvTable& table, size_t column) {
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const auto name = trim(table.rows[row][column]);
    if (!name.empty() && name != "#na#") continue;
    throw DataError(kRatingsWhere, table.path,
                    fmt::format("column '{}': got '{}', expected a name or a number. Leave out "
                                "ratings of which it is not known whose or of what they are",
                                shown_text(table.header[column]), name),
                    table.lines[row]);
  }
}

}  // namespace

RatingTable read_ratings(const std::filesystem::path& csv, const RatingColumns& columns) {
  const CsvTable table = read_csv(csv, columns.csv);
  const size_t user = columns.user_name.in(table);
  const size_t item = columns.item_name.in(table);
  const size_t rating = columns.rating_name.in(table);
  if (table.rows.empty()) {
    throw DataError(kRatingsWhere, csv, "has a header but no ratings below it");
  }
  check_names(table, user);
  check_names(table, item);
  const ColReader user_of(table, static_cast<int64_t>(user));
  const ColReader item_of(table, static_cast<int64_t>(item));
  RatingTable read{.ratings = {},
                   .user_name = table.header[user],
                   .item_name = table.header[item],
                   .rating_name = table.header[rating]};
  read.ratings.reserve(table.rows.size());
  for (size_t row = 0; row < table.rows.size(); ++row) {
    read.ratings.push_back({user_of(row), item_of(row), rating_in(table, row, rating)});
  }
  return read;
}

}  // namespace linnet
