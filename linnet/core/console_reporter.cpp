#include "linnet/core/console_reporter.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "linnet/core/output.h"
#include "linnet/core/strings.h"
#include "linnet/core/timer.h"

namespace linnet {

namespace {

constexpr double kSecondsBetweenBars = 0.1;

bool is_dumb_terminal() {
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
}

size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string cell_text(const std::string& column, const Json* cell) {
  if (cell == nullptr || cell->is_null()) return "";
  if (cell->is_string()) return cell->as_string();
  if (cell->is_bool()) return cell->as_bool() ? "yes" : "no";
  if (!cell->is_number()) return cell->dump();
  if (column == "time") return human_time(cell->as_double());
  return cell->is_int() ? fmt::format("{}", cell->as_int())
                        : fmt::format("{:.6f}", cell->as_double());
}

std::string padded_row(const std::vector<std::string>& columns,
                       const std::vector<std::string>& texts) {
  constexpr size_t kLeast = 8;
  std::string row;
  for (size_t i = 0; i < columns.size(); ++i)
    row +=
        fmt::format("{:<{}}", texts[i], std::max({kLeast, columns[i].size(), texts[i].size()}) + 2);
  row.erase(row.find_last_not_of(' ') + 1);
  return row;
}

}  // namespace

std::string table_head(const std::vector<std::string>& columns) {
  return padded_row(columns, columns);
}

std::string table_row(const std::vector<std::string>& columns, const Json& cells) {
  std::vector<std::string> texts;
  for (const std::string& column : columns) texts.push_back(cell_text(column, cells.find(column)));
  return padded_row(columns, texts);
}

std::string bar_text(const Progress& progress, size_t width) {
  const bool in_bytes = progress.unit == "bytes";
  std::string text = progress.phase + "  ";
  if (progress.total > 0) {
    constexpr double kSlots = 24;
    const double share = std::clamp(
        static_cast<double>(progress.done) / static_cast<double>(progress.total), 0., 1.);
    const auto full = static_cast<size_t>(std::lround(share * kSlots));
    text += fmt::format("[{}{}] {:3.0f}%", std::string(full, '#'),
                        std::string(static_cast<size_t>(kSlots) - full, '.'), share * 100);
  } else {
    text += in_bytes ? human_bytes(static_cast<double>(progress.done))
                     : fmt::format("{} {}", progress.done, progress.unit);
  }
  if (progress.per_second > 0) {
    text += in_bytes ? fmt::format("  {}/s", human_bytes(progress.per_second))
                     : fmt::format("  {:.1f} {}/s", progress.per_second, progress.unit);
  }
  if (progress.seconds_left >= 0)
    text += fmt::format("  {} left", human_time(progress.seconds_left));
  return text.substr(0, width);
}

std::string labelled(std::string_view word, std::string_view text) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool colour = isatty(STDERR_FILENO) != 0 && !is_dumb_terminal() &&
                      (no_color == nullptr || *no_color == '\0');
  const std::string_view shade = word == "error" ? "31" : "33";
  return colour ? fmt::format("\033[{}m{}:\033[0m {}", shade, word, text)
                : fmt::format("{}: {}", word, text);
}

ConsoleReporter::ConsoleReporter()
    : draws_bars_(isatty(STDERR_FILENO) != 0 && !is_dumb_terminal()) {}

void ConsoleReporter::line(const std::string& text) {
  clear_bar();
  print_line(stdout, text);
}

void ConsoleReporter::clear_bar() {
  if (bar_shown_) std::fputs("\r\033[K", stderr);
  bar_shown_ = false;
}

ConsoleReporter::~ConsoleReporter() { clear_bar(); }

void ConsoleReporter::table(const std::vector<std::string>& columns) {
  const std::scoped_lock lock(mutex_);
  columns_ = columns;
  line(table_head(columns_));
}

void ConsoleReporter::row(const Json& cells) {
  const std::scoped_lock lock(mutex_);
  line(table_row(columns_, cells));
}

void ConsoleReporter::bar(const Progress& progress) {
  const std::scoped_lock lock(mutex_);
  const double now = seconds_now();
  if (!draws_bars_ || (bar_shown_ && now - bar_drawn_at_ < kSecondsBetweenBars)) return;
  std::fputs(fmt::format("\r{}\033[K", bar_text(progress, terminal_width() - 1)).c_str(), stderr);
  std::fflush(stderr);
  bar_shown_ = true;
  bar_drawn_at_ = now;
}

void ConsoleReporter::note(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  line(std::string(text));
}

void ConsoleReporter::warn(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  clear_bar();
  print_line(stderr, labelled("warning", text));
}

Reporter& console_reporter() {
  static ConsoleReporter reporter;
  return reporter;
}

}  // namespace linnet
