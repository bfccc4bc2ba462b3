#include "linnet/io/csv.h"

#include <fmt/format.h>

#include <utility>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace {

constexpr std::string_view kCsvWhere = "read_csv";

/** Takes the fields of one record after another off the text. */
class CsvReader {
 public:
  CsvReader(std::string_view text, char delimiter, const std::filesystem::path& path)
      : text_(text), delimiter_(delimiter), path_(path) {}

  /** False at the end of the text. Skips empty lines. */
  bool next() {
    while (at_ < text_.size() && at_line_end()) skip_line_end();
    if (at_ >= text_.size()) return false;
    fields_.clear();
    begin_line_ = line_;
    do {
      fields_.push_back(field());
    } while (take_delimiter());
    if (at_ < text_.size()) skip_line_end();
    return true;
  }

  std::vector<std::string>& fields() { return fields_; }
  int64_t line() const { return begin_line_; }

 private:
  bool at_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }
  void skip_line_end() {
    at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
    ++line_;
  }
  bool take_delimiter() {
    if (at_ >= text_.size() || text_[at_] != delimiter_) return false;
    ++at_;
    return true;
  }

  std::string field() {
    std::string value;
    if (at_ < text_.size() && text_[at_] == '"') value = quoted();
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && !at_line_end()) ++at_;
    return value.append(text_.substr(begin, at_ - begin));
  }

  std::string quoted() {
    const int64_t begin_line = line_;
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') return value;
      } else if (c == '\n' || (c == '\r' && !text_.substr(at_).starts_with("\r\n"))) {
        ++line_;
      }
      value.push_back(c);
    }
    throw DataError(kCsvWhere, path_, "a quote opens here and does not end", begin_line);
  }

  std::string_view text_;
  char delimiter_;
  const std::filesystem::path& path_;
  size_t at_ = 0;
  int64_t line_ = 1;
  int64_t begin_line_ = 1;
  std::vector<std::string> fields_;
};

}  // namespace

size_t CsvTable::column(std::string_view name) const {
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) return i;
  }
  throw DataError(kCsvWhere, path, unknown_name("column", name, header));
}

CsvTable parse_csv(std::string_view text, const CsvOptions& options,
                   const std::filesystem::path& path) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw DataError(kCsvWhere, path, "is UTF-16 text, expected UTF-8. Save it again as UTF-8");
  CsvReader reader(text, options.delimiter, path);
  CsvTable table;
  table.path = path;
  while (reader.next()) {
    if (table.header.empty()) {
      if (options.has_header) {
        table.header = std::move(reader.fields());
        continue;
      }
      for (size_t i = 0; i < reader.fields().size(); ++i) table.header.push_back(std::to_string(i));
    }
    if (reader.fields().size() != table.header.size()) {
      throw DataError(kCsvWhere, path,
                      fmt::format("got {} fields, expected {} as in the first row. A field that "
                                  "holds '{}' needs quotes",
                                  reader.fields().size(), table.header.size(), options.delimiter),
                      reader.line());
    }
    table.rows.push_back(std::move(reader.fields()));
    table.lines.push_back(reader.line());
  }
  if (table.header.empty()) throw DataError(kCsvWhere, path, "is empty, expected a table");
  return table;
}

CsvTable read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  return parse_csv(file_text(path, kCsvWhere), options, path);
}

std::string csv_line(const std::vector<std::string>& fields, char delimiter) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line.push_back(delimiter);
    const std::string& field = fields[i];
    // A lone empty field would read as an empty line.
    const bool quote =
        field.find_first_of(std::string("\"\r\n") + delimiter) != std::string::npos ||
        (field.empty() && fields.size() == 1);
    if (!quote) {
      line += field;
      continue;
    }
    line.push_back('"');
    for (const char c : field) line.append(c == '"' ? 2 : 1, c);
    line.push_back('"');
  }
  line.push_back('\n');
  return line;
}

}  // namespace linnet
