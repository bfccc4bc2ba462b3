#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linnet/core/json.h"

namespace linnet {

/** How far a piece of work is. Units are what `unit` says: "pictures", "bytes". */
struct Progress {
  std::string phase;         // "epoch 0 train", "download"
  std::string unit;          // what is counted
  int64_t done = 0;          // units done
  int64_t total = 0;         // units in all; 0 when it is not known
  double per_second = 0;     // units a second, lately
  double seconds_left = -1;  // < 0 when it is not known
};

/** Where the library tells what it does: it does not print itself. The console draws, `--json`
 * writes lines, tests record. Calls come from one thread at a time. Every method does nothing here.
 */
class Reporter {
 public:
  virtual ~Reporter() = default;

  /** A table begins, with these column names. */
  virtual void table(const std::vector<std::string>& columns);
  /** A row of the table begun last, as an object whose member names are its columns; a cell may be
   * null. */
  virtual void row(const Json& cells);
  virtual void bar(const Progress& progress);
  /** One line for people. */
  virtual void note(std::string_view text);
  /** Something is not as it should be; the text says what to do. */
  virtual void warn(std::string_view text);
  /** A result for machines: an event name and its members. People see it through notes and tables.
   */
  virtual void event(std::string_view name, const Json& members);
};

/** Tells nothing. */
Reporter& silent_reporter();

/** The console of this process (core/console_reporter.h), shared by all who did not choose: what
 * `Learner` and `untar_data` tell to by default. Safe to use from several threads. */
Reporter& console_reporter();

}  // namespace linnet
