#include "linnet/cli/argv.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet::cli {

namespace {

constexpr const char* kSeeHelp = "See `linnet help`.";

// Words that begin the names of jobs of several words: "data" of "data get".
bool is_group(const std::string& word) {
  const auto& jobs = registry<Job>().rows();
  return std::any_of(jobs.begin(), jobs.end(), [&](const Job& job) {
    return std::string_view(job.name).starts_with(word + " ");
  });
}

std::vector<std::string> members_of(const std::string& group) {
  std::vector<std::string> members;
  for (const Job& job : registry<Job>().rows()) {
    if (std::string_view(job.name).starts_with(group + " "))
      members.emplace_back(job.name.substr(group.size() + 1));
  }
  return members;
}

std::vector<std::string> first_words() {
  std::vector<std::string> words = {"help"};
  for (const Job& job : registry<Job>().rows()) {
    const std::string word(job.name.substr(0, job.name.find(' ')));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

// Takes the job's name off the front of `words`; null with `group` set when they name only a group.
const Job* take_job(std::deque<std::string>& words, std::string& group) {
  const std::string first = words.front();
  words.pop_front();
  if (!words.empty()) {  // "train segment" is no "train" of a folder called segment
    if (const Job* job = registry<Job>().find(first + " " + words.front())) {
      words.pop_front();
      return job;
    }
  }
  if (const Job* job = registry<Job>().find(first)) return job;
  if (!is_group(first)) {
    throw UsageError("linnet",
                     unknown_name("command", shown_text(first), first_words()) + " " + kSeeHelp);
  }
  group = first;
  if (words.empty() || words.front().starts_with('-')) return nullptr;
  throw UsageError("linnet " + first,
                   unknown_name("command", shown_text(words.front()), members_of(first)));
}

// The texts that the command line gives for each field, in the order of the fields.
struct Typed {
  std::vector<std::string> texts;
  bool flag = false;
};

std::string option_names(const Field& field) {
  return field.positional ? field.name : "--" + field.name;
}

[[noreturn]] void refuse_rest(const Job& job, const std::vector<Field>& fields,
                              const std::vector<std::string>& rest) {
  std::vector<std::string> options;
  for (const Field& field : fields) {
    if (!field.positional) options.push_back("--" + field.name);
  }
  const auto option = std::find_if(rest.begin(), rest.end(),
                                   [](const auto& word) { return word.starts_with('-'); });
  if (option != rest.end()) {
    const std::string name = option->substr(0, option->find('='));
    throw UsageError(job.name, unknown_name("option", shown_text(name), options) +
                                   fmt::format(" See `linnet help {}`.", job.name));
  }
  throw UsageError(job.name, fmt::format("'{}' is one argument too many. See `linnet help {}`.",
                                         shown_text(rest.front()), job.name));
}

Json read_options(const Job& job, const std::deque<std::string>& words) {
  const auto fields = job.fields();
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<Typed> typed(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    const std::string names = option_names(fields[i]);
    if (fields[i].kind == FieldKind::flag) {
      app.add_flag(names, typed[i].flag);
      continue;
    }
    auto* option = app.add_option(names, typed[i].texts);
    option->type_size(1)->allow_extra_args(fields[i].repeated);
    option->expected(1, fields[i].repeated ? CLI::detail::expected_max_vector_size : 1);
  }
  try {
    app.parse(
        std::vector<std::string>(words.rbegin(), words.rend()));  // it takes them from the end
  } catch (const CLI::ParseError& e) {
    throw UsageError(job.name, fmt::format("{}. See `linnet help {}`.",
                                           split(e.what(), '\n').front(), job.name));
  }
  auto rest = app.remaining();
  std::erase(rest, "--");  // only says that no option follows
  if (!rest.empty()) refuse_rest(job, fields, rest);

  Json given = Json::object();
  for (size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    if (field.kind == FieldKind::flag) {
      if (typed[i].flag) given[field.name] = true;
    } else if (field.repeated) {
      Json values(Json::Array{});
      for (const auto& text : typed[i].texts) values.push_back(field_value(field, text, job.name));
      given[field.name] = values;
    } else if (!typed[i].texts.empty()) {
      given[field.name] = field_value(field, typed[i].texts.front(), job.name);
    }
  }
  return given;
}

}  // namespace

// What follows a "--" is no option.
bool wants_json(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

Command parse_arguments(const std::vector<std::string>& arguments) {
  Command command{.json = wants_json(arguments)};
  std::deque<std::string> words(arguments.begin(), arguments.end());
  const auto end_of_options = [&] { return std::find(words.begin(), words.end(), "--"); };
  const auto take = [&](std::string_view name) {
    const auto at = std::find(words.begin(), end_of_options(), name);
    if (at == end_of_options()) return false;
    words.erase(at);
    return true;
  };
  while (take("--json")) {
  }
  const bool help_option = take("--help") || take("-h");
  if (words.empty()) return command;
  if (words.front() == "--version" || words.front() == "-V") {
    command.kind = Command::Kind::version;
    return command;
  }
  const bool help_word = words.front() == "help";
  while (!words.empty() && words.front() == "help") words.pop_front();  // also `help help`
  if (words.empty()) return command;
  if (words.front().starts_with('-')) {
    throw UsageError("linnet", fmt::format("option '{}' stands before any command. {}",
                                           shown_text(words.front()), kSeeHelp));
  }
  command.job = take_job(words, command.group);
  if (help_option || help_word || command.job == nullptr) return command;
  command.kind = Command::Kind::run;
  command.given = read_options(*command.job, words);
  return command;
}

}  // namespace linnet::cli
