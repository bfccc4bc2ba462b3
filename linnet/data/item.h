#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

/** One of the things that data are made of, before anything of it is read: a file, a row of a
 * table, or what its maker calls it. A cheap value. */
class Item {
 public:
  explicit Item(std::filesystem::path file) : file_(std::move(file)) {}
  /** Row `position` of a table, from 0, and the line where its file has it, from 1. No file: rows
   * that are in memory. */
  static Item row(int64_t position, int64_t line,
                  std::shared_ptr<const std::filesystem::path> table = nullptr);
  /** Item `position` of a data set of the caller's own, by the name that messages give it. */
  static Item named(int64_t position, std::string name);

  bool is_file() const { return position_ < 0; }
  /** UsageError for an item that is no file. */
  const std::filesystem::path& path() const;
  /** UsageError for a file. */
  int64_t position() const;

  /** For messages: a path, "films.csv, row 12", or its own name. */
  std::string name() const;
  /** As split files and hashes know it: the path with '/', or a row's position. UsageError for what
   * only its maker names. */
  std::string id() const;
  /** What is wrong with it, begun by its name. */
  DataError error(std::string_view where, std::string_view what) const;

 private:
  Item(int64_t position, int64_t line) : position_(position), line_(line) {}

  std::filesystem::path file_;
  int64_t position_ = -1;  // of an item that is no file
  int64_t line_ = 0;
  std::shared_ptr<const std::filesystem::path> table_;
  std::shared_ptr<const std::string> own_name_;
};

/** Items in their order: what is split, and what a DataBlock makes data of. Files are items. */
class Items {
 public:
  Items() = default;
  Items(const std::vector<std::filesystem::path>& files);    // NOLINT(google-explicit-constructor)
  Items(std::initializer_list<std::filesystem::path> files)  // NOLINT(google-explicit-constructor)
      : Items(std::vector<std::filesystem::path>(files)) {}
  explicit Items(std::vector<Item> items) : items_(std::move(items)) {}
  /** Rows that are in memory, "row 1", "row 2" ... */
  static Items rows(int64_t n);

  size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  const Item& operator[](size_t i) const { return items_[i]; }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  /** Their paths; UsageError when one is no file. */
  operator std::vector<std::filesystem::path>() const;  // NOLINT(google-explicit-constructor)

 private:
  std::vector<Item> items_;
};

}  // namespace linnet
