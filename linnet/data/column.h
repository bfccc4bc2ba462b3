#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "linnet/core/json.h"

namespace linnet {

class Table;

/** A column of a table, by name or by position from 0. */
class ColumnRef {
 public:
  ColumnRef(std::string name) : ref_(std::move(name)) {}    // NOLINT(google-explicit-constructor)
  ColumnRef(const char* name) : ref_(std::string(name)) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  ColumnRef(T position) : ref_(static_cast<int64_t>(position)) {}  // NOLINT

  /** Its position in that table; DataError that offers the nearest names when there is none. */
  size_t in(const Table& table) const;
  /** The name or position as given. */
  Json to_json() const;
  static ColumnRef from_json(const Json& json);

 private:
  std::variant<std::string, int64_t> ref_;
};

/** One column or several: `.y_names = "species"`, `.label_column = {"x", "y"}`. */
class Columns {
 public:
  Columns() = default;
  Columns(std::initializer_list<ColumnRef> columns) : columns_(columns) {}
  Columns(const std::vector<std::string>& names)  // NOLINT(google-explicit-constructor)
      : columns_(names.begin(), names.end()) {}
  template <std::convertible_to<ColumnRef> T>
  Columns(T column) : columns_{ColumnRef(std::move(column))} {}  // NOLINT

  auto begin() const { return columns_.begin(); }
  auto end() const { return columns_.end(); }
  bool empty() const { return columns_.empty(); }
  /** What that table calls them; DataError when it has no such column. */
  std::vector<std::string> names_in(const Table& table) const;
  Json to_json() const;
  static Columns from_json(const Json& json);

 private:
  std::vector<ColumnRef> columns_;
};

}  // namespace linnet
