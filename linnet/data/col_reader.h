#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linnet/data/table.h"

namespace linnet {

struct ColReaderOptions {
  std::string pref = "";         // put before a cell's text: "images/"
  std::string suff = "";         // put after it: ".jpg"
  std::string label_delim = "";  // when given, a cell is a list of labels: "cat dog" by " "
};

/** Reads a cell of a table's row as a label, several cells as a list. Columns have types, as
 * pandas finds them: all cells True or False give bools, all cells numbers give numbers, else
 * texts. Unlike pandas a column of "007" stays text, and so does one with empty cells. With pref or
 * suff a cell is text.
 *  errors  DataError for a column that is not there
 *  source  fastai 2.7 ColReader (golden labellers colreader_*)
 */
class ColReader {
 public:
  ColReader(const Table& table, const Columns& columns, ColReaderOptions options = {});
  Label operator()(int64_t row) const;

 private:
  struct Typed {
    TableColumn texts;
    CellType type;
  };
  Label cell(const Typed& column, int64_t row) const;

  std::vector<Typed> columns_;
  ColReaderOptions options_;
};

/** The labels in a text: "cat;dog" by ";". White space around a label and empty labels go. */
Label split_labels(std::string_view text, std::string_view delimiter);

}  // namespace linnet
