#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "linnet/data/table.h"

namespace linnet {

struct DatepartOptions {
  /** Of the new names; by default the column's own without "date" at its end: saledate gives
   * saleYear. */
  std::optional<std::string> prefix = std::nullopt;
  bool drop = true;   // the column itself goes
  bool time = false;  // Hour, Minute and Second too
  /** When set, a date that is none is told here, with its row, and taken as missing. */
  std::function<void(int64_t row, const std::string& fault)> on_bad_date = nullptr;
};

/** The table with a date's parts as columns at its end: Year, Month, Week (ISO), Day, Dayofweek
 * (Monday 0), Dayofyear, Is_month_end, Is_month_start, Is_quarter_end, Is_quarter_start,
 * Is_year_end, Is_year_start, and Elapsed (whole seconds since 1970). A model can find "Mondays"
 * and "end of the month" in these, in a date it cannot. Of a missing date the parts are missing,
 * and the Is_ columns False.
 *  errors  DataError, with file, line and column, for a date that is none (see `parse_date`)
 *  source  fastai 2.7 add_datepart (golden tabular)
 */
Table add_datepart(Table table, const ColumnRef& field, const DatepartOptions& options = {});

}  // namespace linnet
