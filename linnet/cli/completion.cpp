#include "linnet/cli/completion.h"

#include <algorithm>
#include <span>

#include "linnet/app/command_page.h"
#include "linnet/app/job.h"
#include "linnet/core/strings.h"

namespace linnet::cli {

namespace {

using Words = std::span<const std::string>;
using Paths = Completion::Paths;

bool is_option(const std::string& word) { return word.size() > 1 && word.starts_with('-'); }

// The commands whose names go on after `beginning` ("" or "train "), by their next word.
std::vector<Candidate> next_words(const std::string& beginning) {
  std::vector<Candidate> words;
  for (const Job& job : registry<Job>().rows()) {
    if (!std::string_view(job.name).starts_with(beginning)) continue;
    const std::string rest(job.name.substr(beginning.size()));
    const std::string word = rest.substr(0, rest.find(' '));
    const bool is_known = !words.empty() && words.back().word == word;  // rows are sorted
    if (!is_known)
      words.push_back({word, word == rest ? job.summary : group_page(beginning + word).summary});
  }
  return words;
}

// What a value's placeholder says of it: "imagenet|none|FILE" are two words and files.
void add_placeholder(const Field& field, Completion& completion) {
  for (const std::string& part : split(field.placeholder, '|')) {
    if (part == "FILE" || part.starts_with("FILE."))
      completion.paths = Paths::files;
    else if (part == "DIR" || part == "FOLDER")
      completion.paths = Paths::folders;
    else if (!part.empty() && part == to_lower(part))
      completion.candidates.push_back({part});
  }
}

Completion values_of(const Field& field, const std::string& current) {
  Completion completion;
  if (field.kind == FieldKind::path) completion.paths = Paths::files;
  if (field.choices.empty()) add_placeholder(field, completion);
  // A list's members before the one being typed stay, and do not come again.
  const size_t comma = field.kind == FieldKind::list ? current.rfind(',') : std::string::npos;
  const std::string before = comma == std::string::npos ? "" : current.substr(0, comma + 1);
  const auto given = split(before, ',');
  for (const std::string& choice : field.choices) {
    if (std::find(given.begin(), given.end(), choice) == given.end())
      completion.candidates.push_back({before + choice});
  }
  return completion;
}

// How the words after a command's name are read up to the cursor.
struct Reading {
  const Field* open = nullptr;     // an option whose value comes next
  std::vector<std::string> given;  // names of options
  size_t places = 0;               // arguments that stand for themselves
  bool only_places = false;        // after "--"
};

const Field* option_named(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (!field.positional && field.name == name) return &field;
  }
  return nullptr;
}

Reading read(const std::vector<Field>& fields, Words words) {
  Reading reading;
  for (const std::string& word : words) {
    const bool option = !reading.only_places && is_option(word);
    if (!option) {
      if (reading.open == nullptr)
        ++reading.places;
      else if (!reading.open->repeated)
        reading.open = nullptr;
      continue;
    }
    reading.open = nullptr;
    if (word == "--") {
      reading.only_places = true;
      continue;
    }
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals).substr(word.starts_with("--") ? 2 : 1);
    reading.given.push_back(name);
    const Field* field = option_named(fields, name);
    if (field != nullptr && field->kind != FieldKind::flag && equals == std::string::npos)
      reading.open = field;
  }
  return reading;
}

std::vector<Candidate> options_of(const std::vector<Field>& fields, const Reading& reading) {
  std::vector<Candidate> options;
  const auto add = [&](const std::string& name, const std::string& text) {
    const bool given =
        std::find(reading.given.begin(), reading.given.end(), name) != reading.given.end();
    if (!given) options.push_back({"--" + name, text});
  };
  for (const Field& field : fields) {
    if (!field.positional) add(field.name, field.help);
  }
  add("json", "JSON lines on stdout, messages on stderr");
  add("help", "what the command does, examples, every option and its default");
  return options;
}

const Field* place_of(const std::vector<Field>& fields, size_t place) {
  for (const Field& field : fields) {
    if (field.positional && (place-- == 0 || field.repeated)) return &field;
  }
  return nullptr;
}

// "--arch=res": the whole word is completed.
Completion joined_value(const std::vector<Field>& fields, const std::string& current) {
  const size_t equals = current.find('=');
  const Field* field = option_named(fields, current.substr(2, equals - 2));
  if (field == nullptr || field->kind == FieldKind::flag) return {};
  Completion completion = values_of(*field, current.substr(equals + 1));
  for (Candidate& candidate : completion.candidates)
    candidate.word.insert(0, current, 0, equals + 1);
  return completion;
}

Completion arguments_of(const Job& job, Words before, const std::string& current) {
  const auto fields = job.fields();
  const Reading reading = read(fields, before);
  if (!reading.only_places && current.starts_with('-')) {
    if (current.starts_with("--") && current.find('=') != std::string::npos)
      return joined_value(fields, current);
    return {.candidates = options_of(fields, reading)};
  }
  if (reading.open != nullptr) return values_of(*reading.open, current);
  if (const Field* field = place_of(fields, reading.places)) return values_of(*field, current);
  if (current.empty() && !reading.only_places) return {.candidates = options_of(fields, reading)};
  return {};
}

Completion first_word(const std::string& current, bool after_help) {
  Completion completion{.candidates = next_words("")};
  if (after_help) return completion;
  completion.candidates.push_back({"help", "what a command does, and its options"});
  if (current.starts_with('-')) {
    completion.candidates = {{"--help", "what linnet is, and its commands"},
                             {"--version", "print linnet's version"}};
  }
  return completion;
}

// "help" and "man" go before the words of a command.
bool takes_a_command(const std::vector<std::string>& words) {
  return words.size() > 1 && (words.front() == "help" || words.front() == "man") &&
         std::none_of(words.begin(), words.end(), is_option);
}

}  // namespace

Completion complete(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const std::string& current = words.back();
  Words before(words.data(), words.size() - 1);
  const bool after_help = takes_a_command(words);
  if (after_help) before = before.subspan(1);

  Completion completion;
  if (before.empty()) {
    completion = first_word(current, after_help);
  } else {
    std::string name = before.front();
    before = before.subspan(1);
    const Job* job = registry<Job>().find(name);
    if (!before.empty() && registry<Job>().find(name + " " + before.front()) != nullptr) {
      job = registry<Job>().find(name + " " + before.front());
      before = before.subspan(1);
    } else if (before.empty() && !current.starts_with('-')) {
      completion.candidates = next_words(name + " ");
    }
    if (job != nullptr && !after_help) {
      Completion more = arguments_of(*job, before, current);
      completion.paths = more.paths;
      completion.candidates.insert(completion.candidates.end(), more.candidates.begin(),
                                   more.candidates.end());
    }
  }
  std::erase_if(completion.candidates,
                [&](const Candidate& candidate) { return !candidate.word.starts_with(current); });
  return completion;
}

std::string completion_lines(const Completion& completion) {
  std::string lines = completion.paths == Paths::files     ? "files\n"
                      : completion.paths == Paths::folders ? "folders\n"
                                                           : "none\n";
  for (const Candidate& candidate : completion.candidates)
    lines += candidate.word + (candidate.text.empty() ? "" : "\t" + candidate.text) + "\n";
  return lines;
}

}  // namespace linnet::cli
