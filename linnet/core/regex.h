#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

/** A Perl-compatible regular expression (libpcre2), which reads Python's patterns, `(?P<name>...)`
 * too. Thread safe. */
class Regex {
 public:
  /** UsageError that shows where the pattern is wrong. */
  explicit Regex(std::string pattern);

  int groups() const { return groups_; }
  const std::string& pattern() const { return pattern_; }
  /** The text of that group (0: the whole match) at the first place that matches; nothing when
   * there is none. */
  std::optional<std::string> search(std::string_view text, int group = 0) const;

 private:
  std::string pattern_;
  std::shared_ptr<const void> code_;
  int groups_ = 0;
};

}  // namespace linnet
