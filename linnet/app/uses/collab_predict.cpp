#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "linnet/app/collab_data.h"
#include "linnet/app/uses/collab.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/csv.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

/** What `linnet predict` is given: files of questions, or one question. */
struct Inputs {
  std::vector<fs::path> files = {};
  CollabQuestion question = {};
  bool has_question = false;
};

// "user" and "item" go by these names, or by those of the columns that the model learned from.
std::string& part_of(CollabQuestion& question, const Learner& learn, const std::string& name) {
  if (name == "user" || name == column_of(learn, Side::user)) return question.user;
  if (name == "item" || name == column_of(learn, Side::item)) return question.item;
  throw UsageError("predict",
                   fmt::format("got '{}=...', expected user=... and item=...", shown_text(name)));
}

Inputs inputs_of(const Learner& learn, const Request& request) {
  Inputs inputs;
  for (const std::string& text : request.texts("input")) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || fs::exists(text)) {
      inputs.files.emplace_back(text);
      continue;
    }
    const auto name = text.substr(0, equals);
    std::string& part = part_of(inputs.question, learn, name);
    const auto value = text.substr(equals + 1);
    if (!part.empty()) {
      throw UsageError("predict", fmt::format("got {} twice: '{}' and '{}'", shown_text(name),
                                              shown_text(part), shown_text(value)));
    }
    if (trim(value).empty()) {
      throw UsageError("predict", fmt::format("got '{}=' without a name", shown_text(name)));
    }
    part = value;
    inputs.has_question = true;
  }
  if (!inputs.files.empty() && inputs.has_question) {
    throw UsageError("predict", fmt::format("got the file {} and user=... or item=..., expected "
                                            "one or the other",
                                            inputs.files[0].string()));
  }
  return inputs;
}

/** Tells answers, a line each; of recommendations a line each below. */
class Teller {
 public:
  Teller(const Learner& learn, const Request& request, Reporter& reporter)
      : learn_(learn), request_(request), reporter_(reporter) {}

  /** `place` is where the question stands: empty, or a file and its line. */
  void tell(CollabQuestion question, const fs::path& file = {}, int64_t row = 0) {
    if (request_.is_given("top")) {
      question.top = request_.integer("top");
      if (!question.user.empty() && !question.item.empty()) {
        throw UsageError("predict", "--top is for recommendations: leave the item out");
      }
    }
    const Json answer = collab_answer(learn_, question);
    const auto place = file.empty() ? "" : fmt::format("{}:{}  ", file.string(), row);
    warn_of_unknown(answer, question, place);
    reporter_.note(place + line_of(answer, question));
    for (const char* list : {"recommendations", "nearest"}) {
      if (const Json* items = answer.find(list)) tell_list(*items);
    }
    Json event = Json::object();
    if (!file.empty()) event = Json{{"path", file.string()}, {"row", row}};
    event.merge(answer);
    reporter_.event("prediction", event);
  }

 private:
  void warn_of_unknown(const Json& answer, const CollabQuestion& question,
                       const std::string& place) {
    for (const std::string& side : answer.at("unknown").as_strings()) {
      const std::string& name = side == "user" ? question.user : question.item;
      reporter_.warn(
          fmt::format("{}{} '{}' is not one that the model knows: it counts as the "
                      "average {}",
                      place, side, shown_text(name), side));
    }
  }

  static std::string line_of(const Json& answer, const CollabQuestion& question) {
    if (answer.contains("nearest")) return fmt::format("like {}", shown_text(question.item));
    if (answer.contains("recommendations")) {
      return fmt::format("for {}{}", shown_text(question.user),
                         answer.at("label").is_null() ? ": nothing that was not seen is left" : "");
    }
    return fmt::format("{}  {}  {:.4f}", shown_text(question.user), shown_text(question.item),
                       answer.at("label").as_double());
  }

  void tell_list(const Json& items) {
    for (const Json& entry : items.as_array()) {
      const Json* rating = entry.find("rating");
      reporter_.note(fmt::format("  {:.4f}  {}",
                                 (rating != nullptr ? *rating : entry.at("similarity")).as_double(),
                                 shown_text(Label::from_json(entry.at("item")).text())));
    }
  }

  const Learner& learn_;
  const Request& request_;
  Reporter& reporter_;
};

// The column of that side, by either of its names; nothing when the table has none.
std::optional<size_t> find_column(const CsvTable& table, const Learner& learn, Side side) {
  const std::string plain = side == Side::user ? "user" : "item";
  for (const std::string& name : {column_of(learn, side), plain}) {
    for (size_t i = 0; i < table.header.size(); ++i) {
      if (table.header[i] == name) return i;
    }
  }
  return std::nullopt;
}

void tell_file(Teller& teller, const Learner& learn, const fs::path& file) {
  const Json* columns = learn.dls().about.find("columns");
  CsvOptions options;
  if (columns != nullptr) options = collab_options_of(learn.dls().about).csv;
  const CsvTable table = read_csv(file, options);
  const auto user = find_column(table, learn, Side::user);
  const auto item = find_column(table, learn, Side::item);
  if (!user && !item) {
    throw DataError("predict", file,
                    fmt::format("got the columns {}, expected '{}', '{}' or both",
                                shown_text(join(table.header, ", ")), column_of(learn, Side::user),
                                column_of(learn, Side::item)));
  }
  if (table.rows.empty()) throw DataError("predict", file, "has no rows");
  for (size_t row = 0; row < table.rows.size(); ++row) {
    CollabQuestion question;
    if (user) question.user = table.rows[row][*user];
    if (item) question.item = table.rows[row][*item];
    if ((user && trim(question.user).empty()) || (item && trim(question.item).empty())) {
      throw DataError("predict", file, "a user or item has no name", table.lines[row]);
    }
    teller.tell(question, file, table.lines[row]);
  }
}

}  // namespace

void collab_predict(const Learner& learn, const Request& request, Reporter& reporter) {
  const Inputs inputs = inputs_of(learn, request);
  Teller teller(learn, request, reporter);
  if (inputs.has_question) teller.tell(inputs.question);
  for (const fs::path& file : inputs.files) tell_file(teller, learn, file);
}

}  // namespace linnet
