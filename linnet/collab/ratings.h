#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/data/column.h"
#include "linnet/data/value.h"
#include "linnet/io/csv.h"

namespace linnet {

/** Who rated what, and how. */
struct Rating {
  Label user;  // a number or a text
  Label item;
  double rating = 0;
};

/** Where a file of ratings has what; as fastai, the first three columns. */
struct RatingColumns {
  ColumnRef user_name = 0;
  ColumnRef item_name = 1;
  ColumnRef rating_name = 2;
  CsvOptions csv = {};
};

/** Ratings, and what their columns are called. */
struct RatingTable {
  std::vector<Rating> ratings;
  std::string user_name, item_name, rating_name;
};

/** The ratings in a CSV file, in its order. Users, and items, are numbers when all of the column
 * are, else texts (see ColReader).
 *  errors  DataError, with the line where there is one, for a column that is not there, a file
 *          without ratings, a rating that is no finite number, and a user or item that is empty or
 *          called "#na#", which is the name for all those that a model does not know
 */
RatingTable read_ratings(const std::filesystem::path& csv, const RatingColumns& columns = {});

}  // namespace linnet
