#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/reporter.h"

namespace linnet {

/** Tables and notes on stdout, warnings on stderr, a progress bar on stderr when that is a
 * terminal. Colours only there, and not with NO_COLOR. Unlike other
 * reporters, it may be called from several threads. */
class ConsoleReporter final : public Reporter {
 public:
  ConsoleReporter();
  ~ConsoleReporter() override;
  ConsoleReporter(const ConsoleReporter&) = delete;
  ConsoleReporter& operator=(const ConsoleReporter&) = delete;

  void table(const std::vector<std::string>& columns) override;
  void row(const Json& cells) override;
  void bar(const Progress& progress) override;
  void note(std::string_view text) override;
  void warn(std::string_view text) override;

 private:
  void line(const std::string& text);
  void clear_bar();

  std::mutex mutex_;
  std::vector<std::string> columns_;
  bool draws_bars_;
  bool bar_shown_ = false;
  double bar_drawn_at_ = 0;
};

/** A row of a table as fastai prints it: cells at least 8 wide and as wide as their column's name,
 * two blanks apart; fractions with six digits, `time` (seconds) as mm:ss. */
std::string table_row(const std::vector<std::string>& columns, const Json& cells);
std::string table_head(const std::vector<std::string>& columns);

/** "epoch 0 train  [#####.....]  45%  12.3 pictures/s  01:20 left", at most `width` characters. */
std::string bar_text(const Progress& progress, size_t width);

/** `word: text` for stderr, the word in colour when stderr is a terminal that wants colours. */
std::string labelled(std::string_view word, std::string_view text);

}  // namespace linnet
