#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace linnet {

/** Base of what linnet throws. The text reads `[where] what: got X, expected Y. Hint.` on one line.
 */
class Error : public std::runtime_error {
 public:
  Error(std::string_view where, std::string_view what);
  /** Without the `[where] ` that it begins with: to be told again by another, who puts his own. */
  std::string_view text() const { return std::string_view(what()).substr(begin_); }

 private:
  size_t begin_;
};

/** The caller asked for something that cannot be: a wrong value, name or order of calls. CLI exit
 * code 2, HTTP 400. */
class UsageError : public Error {
 public:
  using Error::Error;
};

/** Data that is missing or cannot be used: a picture, label, table row, weights or model file. Exit
 * code 3, HTTP 422. */
class DataError : public Error {
 public:
  using Error::Error;
  /** `path` is put into the text; `row` counts from 1, as an editor shows it, and is put in when
   * given. */
  DataError(std::string_view where, const std::filesystem::path& path, std::string_view what,
            std::optional<int64_t> row = std::nullopt);

  const std::filesystem::path& path() const { return path_; }
  std::optional<int64_t> row() const { return row_; }

 private:
  std::filesystem::path path_;
  std::optional<int64_t> row_;
};

/** Disk or network failed. Exit code 4, HTTP 502. */
class IoError : public Error {
 public:
  using Error::Error;
  IoError(std::string_view where, const std::filesystem::path& path, std::string_view what);
};

}  // namespace linnet
