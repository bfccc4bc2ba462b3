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

/** A table of text. Every row has as many fields as the header. */
struct CsvTable {
  std::filesystem::path path;  // where it came from; may be empty
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<int64_t> lines;  // of each row: the line it begins on, from 1, as an editor shows it

  /** The place of a column; DataError that offers the nearest names. */
  size_t column(std::string_view name) const;
};

/** Reads comma-separated values: fields may be quoted by '"', and then hold delimiters, line ends
 * and doubled quotes; lines end in \n, \r\n or \r; a byte-order mark and empty lines are skipped.
 *  errors  IoError when the file cannot be read; DataError with the line for a row with too few or
 * too many fields, a quote that does not end, or text in UTF-16 source  RFC 4180; where that is
 * silent, as pandas reads
 */
CsvTable read_csv(const std::filesystem::path& path, const CsvOptions& options = {});

/** The same from text in memory; `path` is for messages. */
CsvTable parse_csv(std::string_view text, const CsvOptions& options = {},
                   const std::filesystem::path& path = {});

/** One line, with its line end, quoted where needed. */
std::string csv_line(const std::vector<std::string>& fields, char delimiter = ',');

}  // namespace linnet
