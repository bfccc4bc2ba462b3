#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/value.h"
#include "linnet/io/csv.h"

namespace linnet {

/** A column of a table, by name or by position from 0. */
class ColumnRef {
 public:
  ColumnRef(std::string name) : ref_(std::move(name)) {}    // NOLINT(google-explicit-constructor)
  ColumnRef(const char* name) : ref_(std::string(name)) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  ColumnRef(T position) : ref_(static_cast<int64_t>(position)) {}  // NOLINT

  /** Its position in that table; DataError when the table has no such column. */
  size_t in(const CsvTable& table) const;
  /** The name or position as given. */
  Json to_json() const;
  static ColumnRef from_json(const Json& json);

 private:
  std::variant<std::string, int64_t> ref_;
};

/** One column or several: `.label_column = "species"`, `.label_column = {"x", "y"}`. */
class Columns {
 public:
  Columns(std::initializer_list<ColumnRef> columns) : columns_(columns) {}
  template <std::convertible_to<ColumnRef> T>
  Columns(T column) : columns_{ColumnRef(std::move(column))} {}  // NOLINT

  auto begin() const { return columns_.begin(); }
  auto end() const { return columns_.end(); }
  Json to_json() const;
  static Columns from_json(const Json& json);

 private:
  Columns() = default;
  std::vector<ColumnRef> columns_;
};

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
  ColReader(const CsvTable& table, const Columns& columns, ColReaderOptions options = {});
  Label operator()(size_t row) const;

 private:
  enum class Type { boolean, number, text };
  struct Cells {
    Type type;
    std::vector<std::string> texts;
  };
  Label cell(const Cells& cells, size_t row) const;

  std::vector<Cells> columns_;
  ColReaderOptions options_;
};

/** The labels in a text: "cat;dog" by ";". White space around a label and empty labels go. */
Label split_labels(std::string_view text, std::string_view delimiter);

}  // namespace linnet
