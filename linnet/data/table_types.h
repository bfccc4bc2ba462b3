#pragma once

#include <string>
#include <utility>
#include <vector>

#include "linnet/data/table.h"

namespace linnet {

struct ContCatSplitOptions {
  /** Whole numbers of more different values than this are taken as numbers, others as categories.
   */
  int64_t max_card = 20;
  Columns dep_var = {};  // the targets, which are neither
};

struct ContCatNames {
  std::vector<std::string> cont_names;
  std::vector<std::string> cat_names;
};

/** A guess at which columns are numbers and which are categories: numbers with a point are numbers,
 * whole numbers by how many different ones there are, all else is a category. Look at it: a postal
 * code is no number, and an id is neither.
 *  errors  DataError for a dep_var that is no column
 *  source  fastai 2.7 cont_cat_split (golden tabular)
 */
ContCatNames cont_cat_split(const Table& table, const ContCatSplitOptions& options = {});

struct ShrinkOptions {
  Columns skip = {};
  bool obj2cat = true;    // texts are "category"
  bool int2uint = false;  // whole numbers from 0 on as unsigned
};

/** The smallest NumPy types that hold the columns: name and "int8", "float32", "category" ...;
 * columns that would stay as they are (booleans, int64) are left out. For files and programs beside
 * linnet, whose own tables keep every number as a double.
 *  source  fastai 2.7 df_shrink_dtypes (golden tabular)
 */
std::vector<std::pair<std::string, std::string>> df_shrink_dtypes(
    const Table& table, const ShrinkOptions& options = {});

}  // namespace linnet
