#include "linnet/data/col_reader.h"

#include "linnet/core/strings.h"

namespace linnet {

ColReader::ColReader(const Table& table, const Columns& columns, ColReaderOptions options)
    : options_(std::move(options)) {
  const bool as_text =
      !options_.pref.empty() || !options_.suff.empty() || !options_.label_delim.empty();
  for (const ColumnRef& ref : columns) {
    const TableColumn& column = table[ref];
    columns_.push_back({column, as_text ? CellType::text : type_of(column, Gaps::make_text)});
  }
}

Label ColReader::cell(const Typed& column, int64_t row) const {
  const auto text = column.texts.text(row);
  if (!options_.label_delim.empty()) return split_labels(text, options_.label_delim);
  // A text as it is: "NA" is a label here.
  if (column.type == CellType::text) return options_.pref + std::string(text) + options_.suff;
  return *cell_in(text, column.type);
}

Label ColReader::operator()(int64_t row) const {
  if (columns_.size() == 1) return cell(columns_[0], row);
  std::vector<Label> labels;
  for (const Typed& column : columns_) labels.push_back(cell(column, row));
  return Label::list(std::move(labels));
}

Label split_labels(std::string_view text, std::string_view delimiter) {
  std::vector<Label> labels;
  while (true) {
    const auto end = text.find(delimiter);
    const auto part = trim(text.substr(0, end));
    if (!part.empty()) labels.emplace_back(std::string(part));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + delimiter.size());
  }
  return Label::list(std::move(labels));
}

}  // namespace linnet
