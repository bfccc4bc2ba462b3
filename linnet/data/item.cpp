#include "linnet/data/item.h"

#include <fmt/format.h>

namespace linnet {

Item Item::row(int64_t position, int64_t line, std::shared_ptr<const std::filesystem::path> table) {
  Item item(position, line);
  if (table != nullptr && !table->empty()) item.table_ = std::move(table);
  return item;
}

Item Item::named(int64_t position, std::string name) {
  Item item(position, position + 1);
  item.own_name_ = std::make_shared<const std::string>(std::move(name));
  return item;
}

const std::filesystem::path& Item::path() const {
  if (is_file()) return file_;
  throw UsageError("Item::path", fmt::format("{} is no file: a rule for files was given to other "
                                             "items",
                                             name()));
}

int64_t Item::position() const {
  if (!is_file()) return position_;
  throw UsageError("Item::position", fmt::format("{} is a file, and no row of a table", name()));
}

std::string Item::name() const {
  if (is_file()) return file_.string();
  if (own_name_ != nullptr) return *own_name_;
  return table_ == nullptr ? fmt::format("row {}", line_)
                           : fmt::format("{}, row {}", table_->string(), line_);
}

std::string Item::id() const {
  if (is_file()) return file_.generic_string();
  if (own_name_ == nullptr) return std::to_string(position_);
  throw UsageError("Item::id",
                   fmt::format("{} is neither a file nor a row, which have names that a "
                               "split can keep",
                               name()));
}

DataError Item::error(std::string_view where, std::string_view what) const {
  if (is_file()) return {where, file_, what};
  if (table_ != nullptr) return {where, *table_, what, line_};
  return {where, fmt::format("{}: {}", name(), what)};
}

Items::Items(const std::vector<std::filesystem::path>& files) {
  items_.reserve(files.size());
  for (const auto& file : files) items_.emplace_back(file);
}

Items Items::rows(int64_t n) {
  std::vector<Item> items;
  items.reserve(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) items.push_back(Item::row(i, i + 1));
  return Items(std::move(items));
}

Items::operator std::vector<std::filesystem::path>() const {
  std::vector<std::filesystem::path> files;
  files.reserve(items_.size());
  for (const Item& item : items_) files.push_back(item.path());
  return files;
}

}  // namespace linnet
