#include "linnet/web/media_type.h"

#include <algorithm>

#include "linnet/core/strings.h"
#include "linnet/web/http_error.h"

namespace linnet::web {

namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw HttpError(400, "a header is broken: '" + shown_text(text) + "'");
}

/** Reads one header's value from the left. */
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  void skip_space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /** Up to one of `ends`, without the white space around it. */
  std::string until(std::string_view ends) {
    const size_t end = std::min(rest_.find_first_of(ends), rest_.size());
    std::string word(trim(rest_.substr(0, end)));
    rest_.remove_prefix(end);
    return word;
  }
  std::string quoted() {
    std::string word;
    while (!rest_.empty() && rest_[0] != '"') {
      const bool escaped =
          rest_[0] == '\\' && rest_.size() > 1 && (rest_[1] == '"' || rest_[1] == '\\');
      if (escaped) rest_.remove_prefix(1);
      word += rest_[0];
      rest_.remove_prefix(1);
    }
    if (!take('"')) refuse(text_);
    return word;
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

const std::string* HeaderValue::parameter(std::string_view name) const {
  for (const auto& [key, text] : parameters) {
    if (key == name) return &text;
  }
  return nullptr;
}

HeaderValue parse_header_value(std::string_view text) {
  Reader reader(text);
  HeaderValue header{.value = to_lower(reader.until(";")), .parameters = {}};
  if (header.value.empty()) refuse(text);
  while (!reader.at_end()) {
    if (!reader.take(';')) refuse(text);
    reader.skip_space();
    if (reader.at_end()) break;  // a last semicolon is common and harmless
    std::string name = to_lower(reader.until("=;"));
    if (name.empty() || !reader.take('=')) refuse(text);
    if (header.parameter(name) != nullptr) refuse(text);
    reader.skip_space();
    std::string value = reader.take('"') ? reader.quoted() : reader.until(";");
    reader.skip_space();
    header.parameters.emplace_back(std::move(name), std::move(value));
  }
  return header;
}

}  // namespace linnet::web
