#pragma once

#include <optional>

#include "linnet/data/label.h"
#include "linnet/data/split.h"

namespace linnet {

struct TimeOptions {
  double valid_pct = 0.2;  // the newest share of the items, in (0, 1), else UsageError
  /** In place of valid_pct: items less than this many days older than the newest one are held out;
   * above 0, else UsageError. */
  std::optional<double> last_days = std::nullopt;
};

/** Holds out the newest items, so that the model is asked about times it has not seen. Items of one
 * moment stay together: the cut is the one nearest to valid_pct.
 *  date    gives each item's date, from its name or a table: a text that `parse_date` reads, or a
 *          number: seconds since 1970, 20240501 or a year
 *
 *      const LabelRule date = csv_label("meta.csv", path, {.label_column = "date"});
 *      Splitter split = time_splitter(date, {.last_days = 30});
 *
 *  errors  DataError for a date that cannot be read, and when one side would be empty
 *  source  own; fastai has EndSplitter only (Thomas 2017, "How (and why) to create a good
 *          validation set")
 */
Splitter time_splitter(const LabelRule& date, const TimeOptions& options = {});

}  // namespace linnet
