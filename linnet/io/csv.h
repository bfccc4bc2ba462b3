#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct CsvOptions {
  char delimiter = ',';
  /** Without a header the columns are named "0", "1" ... */
  bool has_header = true;
};

/** Reads comma-separated values, one row after another: fields may be quoted by '"', and then hold
 * delimiters, line ends and doubled quotes; lines end in \n, \r\n or \r; a byte-order mark and
 * empty lines are skipped.
 *  source  RFC 4180; where that is silent, as pandas reads
 */
class CsvReader {
 public:
  /** Reads the header. The text is not copied; `path` is for messages. DataError when it is empty
   * or in UTF-16. */
  explicit CsvReader(std::string_view text, const CsvOptions& options = {},
                     std::filesystem::path path = {});

  const std::vector<std::string>& header() const { return header_; }
  /** False when there is no other row. DataError with the line for a row with too few or too many
   * fields and for a quote that does not end. */
  bool next();
  /** Of the row: as many as in the header. */
  const std::vector<std::string>& fields() const { return fields_; }
  /** The line that the row begins on, from 1, as an editor shows it. */
  int64_t line() const { return begin_line_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  bool read_fields();
  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool at_line_end() const { return at('\n') || at('\r'); }
  void skip_line_end();
  void read_field(std::string& field);
  void read_quoted(std::string& field);

  std::string_view text_;
  char delimiter_;
  std::filesystem::path path_;
  size_t at_ = 0;
  int64_t line_ = 1;
  int64_t begin_line_ = 1;
  std::vector<std::string> header_;
  std::vector<std::string> fields_;
  bool first_is_row_;  // it was read for the number of columns, and is yet to be given
};

/** One line, with its line end, quoted where needed. */
std::string csv_line(const std::vector<std::string>& fields, char delimiter = ',');

}  // namespace linnet
