#pragma once

#include <functional>
#include <string>
#include <vector>

#include "linnet/data/split.h"
#include "linnet/data/table_files.h"

namespace linnet {

struct GrandparentOptions {
  std::vector<std::string> train = {"train"};
  std::vector<std::string> valid = {"valid"};
  std::vector<std::string> test = {};  // held back
};
/** By the name of the folder two levels up: ".../train/cat/1.jpg". Items elsewhere are left out;
 * of several names the first one's items come first.
 *  source  fastai 2.7 GrandparentSplitter (golden splitters, exact)
 */
Splitter grandparent_splitter(const GrandparentOptions& options = {});

struct FolderOptions {
  std::string train = "train";
  std::string valid = "valid";
  std::string test = "";  // held back; none when empty
};
/** By the first folder below `root`: "root/train/..." trains, however deep. Items elsewhere are
 * left out. The torch generator is not touched. */
Splitter folder_splitter(const std::filesystem::path& root, const FolderOptions& options = {});

/** Items below that folder of `root`, at any depth, are held out: `with_test(subfolder_splitter(
 * path, "test"), random_splitter())`. DataError when there are none. */
Splitter subfolder_splitter(const std::filesystem::path& root, const std::string& folder);

/** Items for which `is_valid` is true are held out.
 *  source  fastai 2.7 FuncSplitter (golden splitters, exact)
 */
Splitter func_splitter(std::function<bool(const std::filesystem::path&)> is_valid);

struct ColumnSplitterOptions {
  ColumnRef column = "is_valid";
  std::vector<Label> on = {};  // values that mean validation; when empty, true or other than 0
  TableFilesOptions paths = {};
};
/** By a column of a CSV file about the items. DataError for an item without a row, and, without
 * `on`, for a column of other things than true, false and numbers.
 *  source  fastai 2.7 ColSplitter (golden splitters, exact), which takes every text for true
 */
Splitter column_splitter(const std::filesystem::path& csv, const std::filesystem::path& root = {},
                         const ColumnSplitterOptions& options = {});
/** The same by a table that was read already. */
Splitter column_splitter(const Table& table, const std::filesystem::path& root = {},
                         const ColumnSplitterOptions& options = {});

}  // namespace linnet
