#include "linnet/app/job_help.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "linnet/app/command_page.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

constexpr size_t kWidth = 100;

// Words of `text` in lines of at most `width`.
std::vector<std::string> wrapped(std::string_view text, size_t width) {
  std::vector<std::string> lines(1);
  for (const std::string& word : split(text, ' ')) {
    std::string& line = lines.back();
    if (line.empty() || line.size() + 1 + word.size() <= width) {
      line += (line.empty() ? "" : " ") + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string shown(const PageRow& row) {
  return row.value.empty() ? row.name : row.name + (row.value == "..." ? "" : " ") + row.value;
}

// Two columns; a first cell that is too wide has the second one below it.
std::string two_columns(const std::vector<PageRow>& rows, size_t most) {
  size_t first = 0;
  for (const PageRow& row : rows) {
    if (shown(row).size() <= most) first = std::max(first, shown(row).size());
  }
  std::string text;
  for (const PageRow& row : rows) {
    const std::string left = shown(row);
    auto lines = wrapped(row.text, kWidth - first - 4);
    if (left.size() > first) {
      text += fmt::format("  {}\n", left);
    } else {
      text += fmt::format("  {:<{}}  {}\n", left, first, lines[0]);
      lines.erase(lines.begin());
    }
    for (const std::string& line : lines) text += fmt::format("  {:<{}}  {}\n", "", first, line);
  }
  return text;
}

std::string sections_text(const CommandPage& page, size_t most = 26) {
  std::string text;
  for (const PageSection& section : page.sections)
    text += fmt::format("\n{}\n{}", section.title, two_columns(section.rows, most));
  return text;
}

}  // namespace

std::string program_help(std::string_view group) {
  constexpr size_t kWholeCommands = 40;
  if (group.empty()) {
    const CommandPage page = program_page();
    return page.text + "\n" + sections_text(page, kWholeCommands);
  }
  const CommandPage page = group_page(group);
  return fmt::format("{} {}\n\n{}\n{}", page.name, page.arguments, page.text, sections_text(page));
}

std::string job_help(const Job& job) {
  const CommandPage page = command_page(job);
  std::string text = fmt::format("{} {}\n\n{}\n", page.name, page.arguments, page.summary);
  if (const auto about = trim(page.text); !about.empty()) text += fmt::format("\n{}\n", about);
  if (!page.examples.empty()) text += fmt::format("\nExamples\n{}\n", page.examples);
  return text + sections_text(page);
}

}  // namespace linnet
