#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linnet/data/block.h"

namespace linnet {

/** One number of a row. */
struct NumberColumn {
  std::string name;
  std::optional<double> fill = std::nullopt;  // in place of a missing one
  double mean = 0;                            // (x - mean) / std is what the model sees
  double std = 1;
};

struct RowNumbers {
  std::vector<std::string> row = {};  // the names of a source's cells, in order
  std::vector<NumberColumn> columns = {};
};

/** The numbers of a table's row, filled and normalised: float32 [n_cont]. Sources as those of
 * RowCategoriesBlock.
 *  source  fastai 2.7 FillMissing, Normalize (golden tabular)
 */
class RowNumbersBlock final : public BlockImpl {
 public:
  /** UsageError when a column is none of the row's cells. */
  explicit RowNumbersBlock(RowNumbers parts);

  std::string_view name() const override { return "row_numbers"; }
  Kind kind() const override { return Kind::tensor; }
  Json config() const override;
  /** float32 [n_cont]; UsageError for what is no row of these cells, DataError that names the
   * column for a cell that is no number, or missing where training had none missing. */
  Value encode(const Value& source) const override;
  void check(const Value& source) const override { encode(source); }

  const std::vector<std::string>& row() const { return parts_.row; }
  const std::vector<NumberColumn>& columns() const { return parts_.columns; }
  /** What keeps that row from being encoded, or an empty text. */
  std::string fault_of(const Value& source) const;

 private:
  RowNumbers parts_;
  std::vector<size_t> places_;
};

}  // namespace linnet
