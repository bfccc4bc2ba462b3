#include "linnet/io/csv.h"

#include <fmt/format.h>

#include <utility>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr std::string_view kCsvWhere = "read_csv";

}  // namespace

CsvReader::CsvReader(std::string_view text, const CsvOptions& options, std::filesystem::path path)
    : text_(text),
      delimiter_(options.delimiter),
      path_(std::move(path)),
      first_is_row_(!options.has_header) {
  if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  if (text_.starts_with("\xff\xfe") || text_.starts_with("\xfe\xff"))
    throw DataError(kCsvWhere, path_, "is UTF-16 text, expected UTF-8. Save it again as UTF-8");
  if (!read_fields()) throw DataError(kCsvWhere, path_, "is empty, expected a table");
  if (options.has_header) {
    header_ = fields_;
    return;
  }
  for (size_t i = 0; i < fields_.size(); ++i) header_.push_back(std::to_string(i));
}

bool CsvReader::next() {
  if (!std::exchange(first_is_row_, false) && !read_fields()) return false;
  if (fields_.size() == header_.size()) return true;
  throw DataError(kCsvWhere, path_,
                  fmt::format("got {} fields, expected {} as in the first row. A field that "
                              "holds '{}' needs quotes",
                              fields_.size(), header_.size(), delimiter_),
                  line());
}

// False at the end of the text. Skips empty lines.
bool CsvReader::read_fields() {
  while (at_line_end()) skip_line_end();
  if (at_ >= text_.size()) return false;
  begin_line_ = line_;
  size_t n = 0;  // fields keep their memory from row to row
  do {
    if (n > 0) ++at_;
    if (n == fields_.size()) fields_.emplace_back();
    read_field(fields_[n++]);
  } while (at(delimiter_));
  fields_.resize(n);
  if (at_line_end()) skip_line_end();
  return true;
}

void CsvReader::skip_line_end() {
  at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
  ++line_;
}

void CsvReader::read_field(std::string& field) {
  field.clear();
  if (at('"')) read_quoted(field);
  const size_t begin = at_;
  while (at_ < text_.size() && !at(delimiter_) && !at_line_end()) ++at_;
  field.append(text_.substr(begin, at_ - begin));
}

void CsvReader::read_quoted(std::string& field) {
  const int64_t begin_line = line_;
  for (size_t begin = ++at_;; begin = at_++) {  // a doubled quote begins the next part
    at_ = text_.find('"', at_);
    if (at_ == std::string_view::npos) break;
    for (size_t i = begin; i < at_; ++i) {
      if (text_[i] == '\n' || (text_[i] == '\r' && text_[i + 1] != '\n')) ++line_;
    }
    field += text_.substr(begin, at_++ - begin);
    if (!at('"')) return;
  }
  throw DataError(kCsvWhere, path_, "a quote opens here and does not end", begin_line);
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
