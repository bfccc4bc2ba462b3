#include "linnet/web/url.h"

#include "linnet/core/strings.h"
#include "linnet/web/http_error.h"

namespace linnet::web {

namespace {

// -1 when it is no hexadecimal digit.
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const bool is_whole = i + 2 < text.size();
      const int high = is_whole ? hex_value(text[i + 1]) : -1;
      const int low = is_whole ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) throw HttpError(400, "the query of the address has a broken escape");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

}  // namespace

const std::string* Url::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

Url parse_url(std::string_view target) {
  if (!target.starts_with('/')) throw HttpError(400, "the address does not begin with a slash");
  const size_t mark = target.find('?');
  Url url{.path = std::string(target.substr(0, mark)), .query = {}};
  if (mark == std::string_view::npos) return url;
  for (const std::string& pair : split(target.substr(mark + 1), '&')) {
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    const auto value = equals == std::string::npos ? std::string() : pair.substr(equals + 1);
    url.query.emplace_back(decoded(pair.substr(0, equals)), decoded(value));
  }
  return url;
}

}  // namespace linnet::web
