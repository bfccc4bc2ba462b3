#include "linnet/web/base64.h"

#include <array>
#include <cstdint>

#include "linnet/web/http_error.h"

namespace linnet::web {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr int8_t kNone = -1;

constexpr std::array<int8_t, 256> make_values() {
  std::array<int8_t, 256> values{};
  values.fill(kNone);
  for (size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int8_t>(i);
  return values;
}
constexpr auto kValues = make_values();

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// What follows the comma of a data URL; the text itself when it is none.
std::string_view without_data_url(std::string_view text) {
  if (!text.starts_with("data:")) return text;
  const size_t comma = text.find(',');
  if (comma == std::string_view::npos || !text.substr(0, comma).ends_with(";base64"))
    throw HttpError(400, "a data URL is not in base64: expected data:TYPE;base64,...");
  return text.substr(comma + 1);
}

}  // namespace

std::string base64_bytes(std::string_view text) {
  const std::string_view digits = without_data_url(text);
  std::string bytes;
  bytes.reserve(digits.size() / 4 * 3 + 3);
  uint32_t bits = 0;
  int count = 0;    // digits
  int padding = 0;  // '=' seen
  for (const char c : digits) {
    if (is_space(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int8_t value = kValues[static_cast<unsigned char>(c)];
    if (value == kNone || padding > 0) throw HttpError(400, "a text is not base64");
    bits = bits << 6U | static_cast<uint32_t>(value);
    if (++count % 4 != 0) continue;
    for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>(bits >> shift & 0xFFU);
    bits = 0;
  }
  const int rest = count % 4;
  if (rest == 1 || padding > 2 || (padding > 0 && rest + padding != 4))
    throw HttpError(400, "a base64 text is cut off");
  if (rest == 2) bytes += static_cast<char>(bits >> 4U & 0xFFU);
  if (rest == 3) {
    bytes += static_cast<char>(bits >> 10U & 0xFFU);
    bytes += static_cast<char>(bits >> 2U & 0xFFU);
  }
  return bytes;
}

}  // namespace linnet::web
