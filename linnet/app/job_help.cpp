#include "linnet/app/job_help.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

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

// Two columns; a first cell that is too wide has the second one below it.
std::string two_columns(const std::vector<std::pair<std::string, std::string>>& rows) {
  constexpr size_t kMost = 26;
  size_t first = 0;
  for (const auto& row : rows) {
    if (row.first.size() <= kMost) first = std::max(first, row.first.size());
  }
  std::string text;
  for (const auto& [left, right] : rows) {
    auto lines = wrapped(right, kWidth - first - 4);
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

std::string preset_text(const Field& field) {
  if (!field.preset_note.empty()) return field.preset_note;
  if (field.preset.is_null() || field.kind == FieldKind::flag) return "";
  if (field.preset.is_string()) return field.preset.as_string();
  if (field.preset.is_array()) return join(field.preset.as_strings(), ",");
  return field.preset.is_int() ? fmt::format("{}", field.preset.as_int())
                               : fmt::format("{:g}", field.preset.as_double());
}

std::pair<std::string, std::string> field_row(const Field& field) {
  std::string left = shown_name(field);
  if (!field.positional && field.kind != FieldKind::flag) left += " " + shown_placeholder(field);
  if (field.repeated) left += "...";
  std::string right = field.help;
  if (field.choices.size() > 4 || (field.kind == FieldKind::list && !field.choices.empty()))
    right += ": " + join(field.choices, ", ");
  if (const auto preset = preset_text(field); !preset.empty())
    right += fmt::format(" [default: {}]", preset);
  return {left, right};
}

std::string usage_of(const Job& job, const std::vector<Field>& fields) {
  std::string usage = fmt::format("linnet {}", job.name);
  for (const Field& field : fields) {
    if (!field.positional) continue;
    const std::string name = shown_name(field) + (field.repeated ? "..." : "");
    usage += field.required ? " " + name : " [" + name + "]";
  }
  return usage + " [OPTIONS]";
}

}  // namespace

std::string program_help(std::string_view group) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Job& job : registry<Job>().rows()) {
    const std::string_view name = job.name;
    if (group.empty() || name.starts_with(std::string(group) + " "))
      rows.emplace_back(name, job.summary);
  }
  if (!group.empty()) {
    return fmt::format("linnet {} COMMAND\n\n{}\n`linnet help {} COMMAND` tells more.\n", group,
                       two_columns(rows), group);
  }
  rows.emplace_back("help COMMAND", "what a command does, examples, every option and its default");
  const bool has_quickstart = registry<Job>().find("quickstart") != nullptr;
  return fmt::format(
      "linnet trains recognisers on your own data and uses them. fastai's way, in C++.\n\n"
      "Begin here\n{}"
      "  linnet train PATH --label name-case       train on a folder of pictures of your own\n"
      "  linnet predict MODEL PICTURE...           say what is on a picture\n\n"
      "Commands\n{}\n"
      "Options of every command\n"
      "  --json     machines read it: one JSON object a line on stdout, messages on stderr\n"
      "  --help     the same as `linnet help COMMAND`\n"
      "  --version  of linnet\n\n"
      "Exit codes: 0 good, 2 a wrong option or value, 3 data that is missing or cannot be used,\n"
      "4 disk or network, 1 anything else. Settings: LINNET_HOME (where downloads are kept),\n"
      "LINNET_MIRROR (a server to download from instead), LINNET_THREADS, NO_COLOR.\n",
      has_quickstart ? "  linnet quickstart                         a first recogniser, from "
                       "nothing, in a few minutes\n"
                     : "",
      two_columns(rows));
}

std::string job_help(const Job& job) {
  const auto fields = job.fields();
  std::vector<std::pair<std::string, std::string>> places;
  std::vector<std::pair<std::string, std::string>> options;
  for (const Field& field : fields)
    (field.positional ? places : options).push_back(field_row(field));
  options.emplace_back("--json", "JSON lines on stdout, messages on stderr");
  std::string text = fmt::format("{}\n\n{}\n", usage_of(job, fields), job.summary);
  if (!job.help.empty()) text += fmt::format("\n{}\n", trim(job.help));
  if (!places.empty()) text += "\nArguments\n" + two_columns(places);
  return text + "\nOptions\n" + two_columns(options);
}

}  // namespace linnet
