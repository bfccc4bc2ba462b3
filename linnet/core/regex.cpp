#include "linnet/core/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8  // the library asks for it before its header
#include <fmt/format.h>
#include <pcre2.h>

#include "linnet/core/error.h"

namespace linnet {

namespace {

std::string error_text(int code) {
  PCRE2_UCHAR buffer[256];
  pcre2_get_error_message(code, buffer, sizeof(buffer));
  return reinterpret_cast<const char*>(buffer);
}

const pcre2_code* code_of(const std::shared_ptr<const void>& code) {
  return static_cast<const pcre2_code*>(code.get());
}

}  // namespace

Regex::Regex(std::string pattern) : pattern_(std::move(pattern)) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern_.data()), pattern_.size(),
                             PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &offset, nullptr);
  if (code == nullptr) {
    throw UsageError("Regex", fmt::format("'{}' is no regular expression: {} at character {}",
                                          pattern_, error_text(error), offset + 1));
  }
  code_ = std::shared_ptr<const void>(code, [code](const void*) { pcre2_code_free(code); });
  uint32_t count = 0;
  pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
  groups_ = static_cast<int>(count);
}

std::optional<std::string> Regex::search(std::string_view text, int group) const {
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
      pcre2_match_data_create_from_pattern(code_of(code_), nullptr), pcre2_match_data_free);
  const int found = pcre2_match(code_of(code_), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                text.size(), 0, 0, match.get(), nullptr);
  if (found == PCRE2_ERROR_NOMATCH) return std::nullopt;
  if (found < 0) {
    throw UsageError("Regex",
                     fmt::format("'{}' cannot be matched: {}", pattern_, error_text(found)));
  }
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(match.get());
  const auto begin = offsets[2 * group];
  if (group >= found || begin == PCRE2_UNSET) return std::string();
  return std::string(text.substr(begin, offsets[2 * group + 1] - begin));
}

}  // namespace linnet
