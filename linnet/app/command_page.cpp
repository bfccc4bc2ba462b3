#include "linnet/app/command_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/strings.h"

namespace linnet {

namespace {

std::string preset_text(const Field& field) {
  if (!field.preset_note.empty()) return field.preset_note;
  if (field.preset.is_null() || field.kind == FieldKind::flag) return "";
  if (field.preset.is_string()) return field.preset.as_string();
  if (field.preset.is_array()) return join(field.preset.as_strings(), ",");
  return field.preset.is_int() ? fmt::format("{}", field.preset.as_int())
                               : fmt::format("{:g}", field.preset.as_double());
}

PageRow field_row(const Field& field) {
  PageRow row{.name = shown_name(field), .text = field.help};
  if (!field.positional) row.value = shown_placeholder(field);
  if (field.repeated) row.value += "...";
  const bool placeholder_tells = field.kind == FieldKind::choice && field.choices.size() <= 4;
  if (!field.choices.empty() && field.kind != FieldKind::text && !placeholder_tells)
    row.text += ": " + join(field.choices, ", ");
  if (const auto preset = preset_text(field); !preset.empty())
    row.text += fmt::format(" [default: {}]", preset);
  return row;
}

std::string arguments_of(const std::vector<Field>& fields) {
  std::string arguments;
  for (const Field& field : fields) {
    if (!field.positional) continue;
    const std::string name = shown_name(field) + (field.repeated ? "..." : "");
    arguments += field.required ? name + " " : "[" + name + "] ";
  }
  return arguments + "[OPTIONS]";
}

std::vector<PageRow> command_rows(std::string_view beginning) {
  std::vector<PageRow> rows;
  for (const Job& job : registry<Job>().rows()) {
    if (std::string_view(job.name).starts_with(beginning))
      rows.push_back({.name = job.name, .text = job.summary});
  }
  return rows;
}

}  // namespace

CommandPage command_page(const Job& job) {
  constexpr std::string_view kExamples = "Examples\n";
  const auto fields = job.fields();
  CommandPage page{.name = "linnet " + job.name,
                   .arguments = arguments_of(fields),
                   .summary = job.summary,
                   .text = job.help,
                   .examples = {},
                   .sections = {}};
  size_t at = job.help.find("\n" + std::string(kExamples));
  at = at != std::string::npos ? at + 1 : job.help.starts_with(kExamples) ? 0 : at;
  if (at != std::string::npos) {
    page.text = job.help.substr(0, at);
    page.examples = job.help.substr(at + kExamples.size());
  }
  PageSection places{.title = "Arguments", .rows = {}}, options{.title = "Options", .rows = {}};
  for (const Field& field : fields)
    (field.positional ? places : options).rows.push_back(field_row(field));
  options.rows.push_back({.name = "--json", .text = "JSON lines on stdout, messages on stderr"});
  if (!places.rows.empty()) page.sections.push_back(std::move(places));
  page.sections.push_back(std::move(options));
  return page;
}

CommandPage group_page(std::string_view group) {
  const std::string name(group);
  std::vector<std::string> words;
  for (const PageRow& row : command_rows(name + " "))
    words.push_back(row.name.substr(name.size() + 1));
  return {.name = "linnet " + name,
          .arguments = "COMMAND",
          .summary = "the commands " + join(words, ", "),
          .text = fmt::format("`linnet help {} COMMAND` explains one of them.", group),
          .examples = {},
          .sections = {{.title = "Commands", .rows = command_rows(name + " ")}}};
}

CommandPage program_page() {
  std::vector<PageRow> begin, commands = command_rows("");
  if (registry<Job>().find("quickstart") != nullptr) {
    begin.push_back({.name = "linnet quickstart",
                     .text = "train a first recognizer, from nothing, in a few minutes"});
  }
  begin.push_back({.name = "linnet train PATH --label name-case",
                   .text = "train on a folder of pictures of your own"});
  begin.push_back({.name = "linnet predict MODEL PICTURE...", .text = "say what is in a picture"});
  commands.push_back({.name = "help",
                      .value = "COMMAND",
                      .text = "what a command does, examples, every option and its default"});
  return {
      .name = "linnet",
      .arguments = "COMMAND [ARGUMENTS] [OPTIONS]",
      .summary = "train recognizers on your own data and use them",
      .text = "linnet trains recognizers on your own data and uses them: fastai's way, in C++.",
      .examples = {},
      .sections = {
          {.title = "Begin here", .rows = std::move(begin)},
          {.title = "Commands", .rows = std::move(commands)},
          {.title = "Options of every command",
           .rows = {{.name = "--json",
                     .text =
                         "for programs: one JSON object per line on stdout, messages on stderr"},
                    {.name = "--help", .text = "the same as `linnet help COMMAND`"},
                    {.name = "--version", .text = "print linnet's version"}}},
          {.title = "Exit codes",
           .rows = {{.name = "0", .text = "success"},
                    {.name = "1", .text = "an error that is none of the following"},
                    {.name = "2", .text = "a wrong command, option or value"},
                    {.name = "3", .text = "data that is missing or cannot be used"},
                    {.name = "4", .text = "a failure of the disk or the network"}}},
          {.title = "Environment",
           .rows = {{.name = "LINNET_HOME",
                     .text = "the directory for downloads [default: ~/.cache/linnet]"},
                    {.name = "LINNET_MIRROR", .text = "a server to download from instead"},
                    {.name = "LINNET_THREADS",
                     .text = "the number of threads to compute with [default: all cores]"},
                    {.name = "LINNET_TOKEN", .text = "the access token of `linnet serve`"},
                    {.name = "NO_COLOR", .text = "when set: no colors in messages"}}}}};
}

std::vector<std::string> command_groups() {
  std::vector<std::string> groups;
  for (const Job& job : registry<Job>().rows()) {
    const std::string first(job.name.substr(0, job.name.find(' ')));
    if (registry<Job>().find(first) == nullptr &&
        std::find(groups.begin(), groups.end(), first) == groups.end())
      groups.push_back(first);
  }
  return groups;
}

std::vector<CommandPage> all_pages() {
  std::vector<CommandPage> pages = {program_page()};
  for (const std::string& group : command_groups()) pages.push_back(group_page(group));
  for (const Job& job : registry<Job>().rows()) pages.push_back(command_page(job));
  return pages;
}

}  // namespace linnet
