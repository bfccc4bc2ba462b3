#include "linnet/data/dataset.h"

#include <fmt/format.h>

#include <numeric>

namespace linnet {

// Sources that are in memory.
struct Dataset::Rows final : Source {
  Rows(std::vector<Sources> sources, Items named)
      : table(std::move(sources)), items(std::move(named)) {
    if (items.empty() || items.size() == table.size()) return;
    throw UsageError("Dataset", fmt::format("got {} rows and {} items, expected as many of each",
                                            table.size(), items.size()));
  }
  int64_t size() const override { return static_cast<int64_t>(table.size()); }
  Sources get(int64_t row) const override { return table[static_cast<size_t>(row)]; }
  Item item(int64_t row) const override {
    if (!items.empty()) return items[static_cast<size_t>(row)];
    const auto& sources = table[static_cast<size_t>(row)];
    const auto* file =
        sources.empty() ? nullptr : std::get_if<std::filesystem::path>(&sources.front());
    return file != nullptr ? Item(*file) : Source::item(row);
  }

  std::vector<Sources> table;
  Items items;  // as many, or none: what the sources tell
};

Item Dataset::Source::item(int64_t row) const {
  return Item::named(row, fmt::format("item {}", row));
}

Dataset::Dataset(std::shared_ptr<const Source> source)
    : source_(std::move(source)), rows_(static_cast<size_t>(source_->size())) {
  std::iota(rows_.begin(), rows_.end(), int64_t{0});
}

Dataset::Dataset(std::vector<Sources> table, Items items)
    : Dataset(std::make_shared<const Rows>(std::move(table), std::move(items))) {}

Dataset Dataset::subset(const std::vector<int64_t>& positions) const {
  Dataset view;
  view.source_ = source_;
  view.rows_.reserve(positions.size());
  for (const int64_t position : positions) view.rows_.push_back(row(position));
  return view;
}

std::vector<Value> Dataset::column(size_t block) const {
  std::vector<Value> values;
  values.reserve(rows_.size());
  for (const int64_t row : rows_) values.push_back(std::move(source_->get(row).at(block)));
  return values;
}

}  // namespace linnet
