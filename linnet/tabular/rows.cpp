#include "linnet/tabular/rows.h"

#include "linnet/core/error.h"

namespace linnet {

namespace {

template <class T>
const T& block_at(const Pipeline& pipeline, size_t position) {
  if (pipeline.n_inp() == 2) {
    if (const auto* block = dynamic_cast<const T*>(pipeline.blocks()[position].operator->())) {
      return *block;
    }
  }
  throw UsageError("tabular", "this model's inputs are not the rows of a table");
}

}  // namespace

const RowCategoriesBlock& row_categories(const Pipeline& pipeline) {
  return block_at<RowCategoriesBlock>(pipeline, 0);
}

const RowNumbersBlock& row_numbers(const Pipeline& pipeline) {
  return block_at<RowNumbersBlock>(pipeline, 1);
}

Value row_source(const Pipeline& pipeline, const NamedCells& cells) {
  const auto& names = row_categories(pipeline).row();
  std::vector<Label> row(names.size(), Label(""));
  for (const auto& [name, cell] : cells) {
    row[detail::place_in(names, name, "row_source")] = cell;
  }
  return Label::list(std::move(row));
}

Value row_source(const Pipeline& pipeline, const Table& table, int64_t row) {
  return Label::list(table.row(row, row_categories(pipeline).row()));
}

Table decode_rows(const Pipeline& pipeline, const torch::Tensor& codes,
                  const torch::Tensor& numbers) {
  Table table;
  const auto& categories = row_categories(pipeline).columns();
  for (size_t i = 0; i < categories.size(); ++i) {
    CellType type = categories[i].type;
    std::vector<Label> cells;
    for (int64_t row = 0; row < codes.size(0); ++row) {
      const auto code = codes[row][static_cast<int64_t>(i)].item<int64_t>();
      cells.push_back(categories[i].value(code));
      if (code == 0) type = CellType::text;  // "#na#"
    }
    table.set({categories[i].name, type, cells});
  }
  const auto& columns = row_numbers(pipeline).columns();
  for (size_t i = 0; i < columns.size(); ++i) {
    std::vector<Label> cells;
    for (int64_t row = 0; row < numbers.size(0); ++row) {
      const auto value = numbers[row][static_cast<int64_t>(i)].item<double>();
      cells.emplace_back(value * columns[i].std + columns[i].mean);
    }
    table.set({columns[i].name, CellType::number, cells});
  }
  return table;
}

}  // namespace linnet
