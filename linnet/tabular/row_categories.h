#pragma once

#include <map>
#include <string>
#include <vector>

#include "linnet/data/block.h"
#include "linnet/data/cell.h"

namespace linnet {

/** One category of a row. */
struct CategoryColumn {
  std::string name;
  CellType type = CellType::text;
  std::vector<Label> vocab = {};  // codes 1, 2 ...; 0 is #na#
  /** When given, this is no cell: it says whether the number of that name is missing. */
  std::string missing_of = "";

  int64_t size() const { return static_cast<int64_t>(vocab.size()) + 1; }
  /** The value of a code; "#na#" for 0. */
  Label value(int64_t code) const;
};

struct RowCategories {
  std::vector<std::string> row = {};  // the names of a source's cells, in order
  std::vector<CategoryColumn> columns = {};
};

/** The categories of a table's row: [n_cat] codes. Sources: the row's cells as `Label::list`, as
 * values or as texts; a missing cell is an empty text. A cell that is missing or was not met in
 * training is #na#, code 0.
 *  source  fastai 2.7 Categorify, FillMissing (golden tabular)
 */
class RowCategoriesBlock final : public BlockImpl {
 public:
  /** UsageError when a column is none of the row's cells. */
  explicit RowCategoriesBlock(RowCategories parts);

  std::string_view name() const override { return "row_categories"; }
  Kind kind() const override { return Kind::categories; }
  Json config() const override;
  /** int64 [n_cat]; UsageError for what is no row of these cells. */
  Value encode(const Value& source) const override;

  const std::vector<std::string>& row() const { return parts_.row; }
  const std::vector<CategoryColumn>& columns() const { return parts_.columns; }
  /** The columns whose value in that row training did not have: for a word to the user. */
  std::vector<std::string> unknown_in(const Value& source) const;

 private:
  int64_t code(size_t column, const std::vector<Label>& cells) const;

  RowCategories parts_;
  std::vector<size_t> places_;  // of each column: its cell, or the number's that may be missing
  std::vector<std::map<Label, int64_t, LabelOrder>> codes_;
};

namespace detail {

/** The cells of a row; UsageError that names `block` unless they are as many as `names`. */
const std::vector<Label>& cells_of(const Value& source, const std::vector<std::string>& names,
                                   const char* block);
/** The place of a name; UsageError that names `block` when it is none of them. */
size_t place_in(const std::vector<std::string>& names, const std::string& name, const char* block);

}  // namespace detail

}  // namespace linnet
