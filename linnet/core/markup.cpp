#include "linnet/core/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Letter {
  std::string_view bytes;  // as they stand in the text
  uint32_t code = 0;       // U+FFFD when they are no UTF-8
  bool valid = false;
};

constexpr uint32_t kNoLetter = 0xFFFD;

// How many bytes a letter that begins so has; 0: none begins so.
size_t length_by(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// The letter at the beginning of `text`, which is not empty.
Letter first_letter(std::string_view text) {
  const Letter none{text.substr(0, 1), kNoLetter, false};
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = length_by(lead);
  if (length == 1) return {text.substr(0, 1), lead, true};
  if (length == 0 || text.size() < length) return none;
  uint32_t code = lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80) return none;
    code = (code << 6U) | (byte & 0x3FU);
  }
  const uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < least || code > 0x10FFFF || surrogate || code == 0xFFFE || code == 0xFFFF) return none;
  return {text.substr(0, length), code, true};
}

int64_t columns_of(const Letter& letter) {
  const bool wide = (letter.code >= 0x1100 && letter.code < 0x1160) ||
                    (letter.code >= 0x2E80 && letter.code < 0xD7A4) ||
                    (letter.code >= 0xF900 && letter.code < 0xFB00) ||
                    (letter.code >= 0xFF00 && letter.code < 0xFF61) || letter.code >= 0x1F000;
  return wide ? 2 : 1;
}

int64_t columns_of(std::string_view text) {
  int64_t columns = 0;
  for (; !text.empty(); text.remove_prefix(first_letter(text).bytes.size()))
    columns += columns_of(first_letter(text));
  return columns;
}

// One line, and what is left of `word` when it is longer.
void add_word(std::string_view word, int64_t width, std::vector<std::string>& lines) {
  int64_t used = columns_of(lines.back());
  if (used > 0 && used + 1 + columns_of(word) <= width) {
    lines.back() += ' ';
    lines.back() += word;
    return;
  }
  if (used > 0) lines.emplace_back();
  for (used = 0; !word.empty();) {
    const Letter letter = first_letter(word);
    if (used + columns_of(letter) > width) {
      lines.emplace_back();
      used = 0;
    }
    lines.back() += letter.bytes;
    used += columns_of(letter);
    word.remove_prefix(letter.bytes.size());
  }
}

}  // namespace

std::string escaped_markup(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    text.remove_prefix(letter.bytes.size());
    const bool control =
        letter.code == 0x7F || (letter.code < ' ' && letter.code != '\n' && letter.code != '\t');
    if (!letter.valid || control) {
      safe += kReplacement;
    } else if (letter.code == '&' || letter.code == '<' || letter.code == '>' ||
               letter.code == '"' || letter.code == '\'') {
      safe += letter.code == '&'   ? "&amp;"
              : letter.code == '<' ? "&lt;"
              : letter.code == '>' ? "&gt;"
              : letter.code == '"' ? "&quot;"
                                   : "&#39;";
    } else {
      safe += letter.bytes;
    }
  }
  return safe;
}

std::vector<std::string> wrapped_text(std::string_view text, int64_t width) {
  if (width < 2) {
    throw UsageError("wrapped_text", fmt::format("width: got {}, expected 2 or more", width));
  }
  std::vector<std::string> lines = {""};
  while (!text.empty()) {
    const size_t end = text.find_first_of(" \n");
    if (const auto word = text.substr(0, end); !word.empty()) add_word(word, width, lines);
    if (end == std::string_view::npos) break;
    if (text[end] == '\n') lines.emplace_back();
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t n = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = (group << 8U) | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      text += k <= n ? kLetters[(group >> (18 - 6 * k)) & 0x3FU] : '=';
    }
  }
  return text;
}

}  // namespace linnet
