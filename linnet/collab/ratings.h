#pragma once

#include <vector>

#include "linnet/data/table.h"

namespace linnet {

/** Who rated what, and how. */
struct Rating {
  Label user;  // a number or a text
  Label item;
  double rating = 0;
};

/** Where a table of ratings has what; as fastai, the first three columns. */
struct RatingColumns {
  ColumnRef user_name = 0;
  ColumnRef item_name = 1;
  ColumnRef rating_name = 2;
};

/** The ratings in a table, in its order. Users, and items, are numbers when all of the column are,
 * else texts (see ColReader).
 *  errors  DataError, with the line where there is one, for a column that is not there, a table
 *          without ratings, a rating that is no finite number, and a user or item that is empty or
 *          called "#na#", which is the name for all those that a model does not know
 */
std::vector<Rating> read_ratings(const Table& table, const RatingColumns& columns = {});

}  // namespace linnet
