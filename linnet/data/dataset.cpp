#include "linnet/data/dataset.h"

#include <numeric>

namespace linnet {

Dataset::Dataset(std::vector<Sources> table)
    : table_(std::make_shared<const std::vector<Sources>>(std::move(table))),
      rows_(table_->size()) {
  std::iota(rows_.begin(), rows_.end(), int64_t{0});
}

Dataset Dataset::subset(std::vector<int64_t> positions) const {
  Dataset view;
  view.table_ = table_;
  for (const int64_t position : positions) {
    view.rows_.push_back(rows_.at(static_cast<size_t>(position)));
  }
  return view;
}

const Dataset::Sources& Dataset::operator[](int64_t position) const {
  return (*table_)[static_cast<size_t>(rows_.at(static_cast<size_t>(position)))];
}

std::vector<Value> Dataset::column(size_t block) const {
  std::vector<Value> values;
  values.reserve(rows_.size());
  for (const int64_t row : rows_) values.push_back((*table_)[static_cast<size_t>(row)].at(block));
  return values;
}

}  // namespace linnet
