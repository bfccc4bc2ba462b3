#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/collab_data.h"
#include "linnet/app/uses/collab.h"
#include "linnet/app/uses/rows_out.h"
#include "linnet/collab/read_out.h"
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

/** Where a question stands: nowhere, or in a file. */
struct Place {
  fs::path file = {};
  int64_t line = 0;
  std::vector<std::string> cells = {};  // all of the row

  std::string text() const {
    return file.empty() ? "" : fmt::format("{}:{}  ", file.string(), line);
  }
  Json event() const {
    return file.empty() ? Json::object() : Json{{"path", file.string()}, {"row", line}};
  }
};

/** Tells answers, a line each; of recommendations a line each below. */
class Teller {
 public:
  Teller(const Learner& learn, const Request& request, Reporter& reporter)
      : learn_(learn), request_(request), reporter_(reporter) {}

  void tell(CollabQuestion question, const Place& place = {}) {
    if (request_.is_given("top")) question.top = request_.integer("top");
    tell_answer(collab_answer(learn_, question), question, place);
  }

  /** Questions with both, as many at once as the request says. They wait for more like them. */
  void tell_rating(const CollabQuestion& question, const Place& place) {
    pairs_.push_back(question);
    places_.push_back(place);
    if (std::ssize(pairs_) >= request_.integer("batch-size")) tell_waiting();
  }

  /** The answers that still wait. */
  void tell_waiting() {
    const auto answers = collab_ratings(learn_, pairs_);
    for (size_t i = 0; i < pairs_.size(); ++i) tell_answer(answers[i], pairs_[i], places_[i]);
    pairs_.clear();
    places_.clear();
  }

  /** A row that has no answer, in its place. */
  void tell_bad(const Place& place, const std::string& fault) {
    tell_waiting();
    reporter_.note(place.text() + "cannot be predicted");
    reporter_.warn(place.text() + fault);
    Json event = place.event();
    event["error"] = fault;
    add_line(place, "");
    reporter_.event("unreadable", event);
    if (bad_++ == 0) first_bad_ = place, first_fault_ = fault;
  }

  /** The lines of --out begin; rows with both a user and an item follow. */
  void begin_lines(std::vector<std::string> header) {
    header.emplace_back("prediction");
    lines_ = csv_line(header);
  }
  const std::string& lines() const { return lines_; }

  /** DataError when there were rows without an answer. */
  void finish() const {
    if (bad_ == 0) return;
    const auto more = bad_ == 1
                          ? std::string()
                          : fmt::format(" ({} rows cannot be predicted, this is the first)", bad_);
    throw DataError("predict", first_bad_.file, first_fault_ + more, first_bad_.line);
  }

 private:
  void add_line(const Place& place, const std::string& predicted) {
    if (lines_.empty()) return;
    auto cells = place.cells;
    cells.push_back(predicted);
    lines_ += csv_line(cells);
  }

  void tell_answer(const Json& answer, const CollabQuestion& question, const Place& place) {
    warn_of_unknown(answer, question, place.text());
    reporter_.note(place.text() + line_of(answer, question));
    for (const char* list : {"recommendations", "nearest"}) {
      if (const Json* items = answer.find(list)) tell_list(*items);
    }
    if (!lines_.empty()) add_line(place, fmt::format("{:.6f}", answer.at("label").as_double()));
    Json event = place.event();
    event.merge(answer);
    reporter_.event("prediction", event);
  }

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
  std::vector<CollabQuestion> pairs_;
  std::vector<Place> places_;
  int64_t bad_ = 0;
  Place first_bad_;
  std::string first_fault_;
  std::string lines_;
};

void refuse_top(const Request& request) {
  if (!request.is_given("top")) return;
  throw UsageError("predict", "--top is for recommendations: leave the item out");
}

// The column of that side, by either of its names; null when the table has none.
const TableColumn* find_column(const Table& table, const Learner& learn, Side side) {
  const std::string plain = side == Side::user ? "user" : "item";
  for (const std::string& name : {column_of(learn, side), plain}) {
    if (table.has(name)) return &table[name];
  }
  return nullptr;
}

// What keeps a row from an answer, or an empty text.
std::string fault_of(const Learner& learn, const CollabQuestion& question, bool has_user,
                     bool has_item) {
  if ((has_user && trim(question.user).empty()) || (has_item && trim(question.item).empty())) {
    return "a user or item has no name";
  }
  if (has_user || is_known(learn, label_in(learn, Side::item, question.item))) return "";
  return fmt::format("item '{}' is not in the training data, so nobody knows what is like it",
                     shown_text(question.item));
}

Table read_questions(const Learner& learn, const fs::path& file) {
  const Json* columns = learn.dls().about.find("columns");
  return read_csv(file,
                  columns != nullptr ? collab_options_of(learn.dls().about).csv : CsvOptions());
}

void tell_file(Teller& teller, const Learner& learn, const Request& request, const fs::path& file) {
  const Table table = read_questions(learn, file);
  const auto* user = find_column(table, learn, Side::user);
  const auto* item = find_column(table, learn, Side::item);
  if (user == nullptr && item == nullptr) {
    throw DataError("predict", file,
                    fmt::format("got the columns {}, expected '{}', '{}' or both",
                                shown_text(join(table.names(), ", ")), column_of(learn, Side::user),
                                column_of(learn, Side::item)));
  }
  if (table.rows() == 0) throw DataError("predict", file, "has no rows");
  const bool both = user != nullptr && item != nullptr;
  if (both) refuse_top(request);
  if (request.has("out")) {
    if (!both) {
      throw UsageError("predict", fmt::format("--out is for ratings, and {} does not have both a "
                                              "user and an item in each row",
                                              file.string()));
    }
    teller.begin_lines(table.names());
  }
  for (int64_t row = 0; row < table.rows(); ++row) {
    CollabQuestion question;
    if (user != nullptr) question.user = user->text(row);
    if (item != nullptr) question.item = item->text(row);
    const Place place{.file = file, .line = table.line(row), .cells = table.texts(row)};
    const auto fault = fault_of(learn, question, user != nullptr, item != nullptr);
    if (!fault.empty()) {
      teller.tell_bad(place, fault);
    } else if (both) {
      teller.tell_rating(question, place);
    } else {
      teller.tell(question, place);
    }
  }
  teller.tell_waiting();
}

}  // namespace

void collab_predict(const Learner& learn, const Request& request, Reporter& reporter) {
  const Inputs inputs = inputs_of(learn, request);
  check_rows_out(request, inputs.files);
  Teller teller(learn, request, reporter);
  if (!inputs.question.user.empty() && !inputs.question.item.empty()) refuse_top(request);
  if (inputs.has_question) teller.tell(inputs.question);
  for (const fs::path& file : inputs.files) tell_file(teller, learn, request, file);
  write_rows_out(request, teller.lines(), reporter);
  teller.finish();
}

}  // namespace linnet
