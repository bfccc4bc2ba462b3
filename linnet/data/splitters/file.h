#pragma once

#include <filesystem>

#include "linnet/data/split.h"

namespace linnet {

/** What to do with an item that a saved split does not name. */
enum class NewItems { error, train, leave_out };

struct FileSplitterOptions {
  std::filesystem::path root = {};  // the names in the file are relative to it
  NewItems new_items = NewItems::error;
};

/** A split that was saved: by `save_split` (a CSV file with the columns path and split), or a plain
 * list of the validation items' names, one a line, as fastai's (then all others train). Names of
 * items that are not there are passed over, so that a part of the data keeps its sides.
 *  errors  IoError when the file cannot be read; DataError for a side that is none of train, valid
 *          and test, and for items that the file does not name
 *  source  fastai 2.7 FileSplitter (golden splitters, exact)
 */
Splitter file_splitter(const std::filesystem::path& file, const FileSplitterOptions& options = {});

}  // namespace linnet
