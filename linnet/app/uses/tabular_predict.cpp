#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "linnet/app/tabular_data.h"
#include "linnet/app/uses/tabular.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"
#include "linnet/tabular/rows.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

/** What is to be predicted: files, or one row by its cells. */
struct Inputs {
  std::vector<fs::path> files = {};
  std::vector<std::pair<std::string, std::string>> cells = {};
};

Inputs inputs_of(const Request& request) {
  Inputs inputs;
  for (const std::string& text : request.texts("input")) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || fs::exists(text)) {
      inputs.files.emplace_back(text);
    } else {
      inputs.cells.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  if (!inputs.files.empty() && !inputs.cells.empty()) {
    throw UsageError("predict",
                     fmt::format("got the file {} and the cell {}=..., expected CSV "
                                 "files, or COLUMN=VALUE for each cell of one row",
                                 inputs.files[0].string(), shown_text(inputs.cells[0].first)));
  }
  return inputs;
}

/** Predicts tables and tells each row in its turn; keeps the lines of --out. */
class RowTeller {
 public:
  RowTeller(const Learner& learn, const Request& request, Reporter& reporter)
      : learn_(learn), bs_(request.integer("batch-size")), reporter_(reporter) {}

  /** `file` stands before each row's line; empty for a row that has no place. */
  void tell(const Table& table, const std::string& file) {
    if (table.rows() == 0) throw DataError("predict", table.path(), "has no rows");
    begin_lines(table);
    const Pipeline& pipeline = learn_.dls().pipeline();
    std::vector<Dataset::Sources> batch;
    std::vector<int64_t> rows;
    for (int64_t row = 0; row < table.rows(); ++row) {
      const Value source = row_source(pipeline, table, row);
      const auto fault = row_numbers(pipeline).fault_of(source);
      for (const auto& name : row_categories(pipeline).unknown_in(source)) ++unknown_[name];
      if (fault.empty()) {
        batch.push_back({source, source});
        rows.push_back(row);
      }
      if (fault.empty() && std::ssize(rows) < bs_ && row + 1 < table.rows()) continue;
      predict(table, file, batch, rows);
      batch.clear();
      rows.clear();
      if (!fault.empty()) tell_bad(table, file, row, fault);
    }
  }

  /** Says what was not known; DataError when there were rows that cannot be predicted. */
  void finish() const {
    for (const auto& [name, count] : unknown_) {
      reporter_.warn(
          fmt::format("column '{}': {} row(s) have a value that training did not have; "
                      "it was taken as missing",
                      name, count));
    }
    if (bad_ == 0) return;
    throw DataError("predict",
                    fmt::format("{} row(s) cannot be predicted: {}", bad_, first_fault_));
  }

  const std::string& lines() const { return lines_; }

 private:
  bool has_classes() const { return learn_.dls().pipeline().target()->kind() == Kind::category; }

  void begin_lines(const Table& table) {
    if (!lines_.empty()) return;
    auto header = table.names();
    header.emplace_back("prediction");
    if (has_classes()) header.emplace_back("probability");
    lines_ = csv_line(header);
  }

  void predict(const Table& table, const std::string& file,
               const std::vector<Dataset::Sources>& batch, const std::vector<int64_t>& rows) {
    if (batch.empty()) return;
    const auto stream =
        learn_.dls().test_dl(batch, {.bs = std::ssize(rows), .workers = 0})->stream(0);
    const auto probs = learn_.pred_batch(std::move(stream->next()).value());
    const auto decisions = learn_.loss().decodes(probs);
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      tell_good(table, file, rows[i], tabular_answer(learn_, probs[at], decisions[at]));
    }
  }

  static std::string place(const Table& table, const std::string& file, int64_t row) {
    return file.empty() ? std::string() : fmt::format("{}:{}  ", file, table.line(row));
  }

  static std::vector<std::string> texts_of(const Table& table, int64_t row) {
    std::vector<std::string> texts;
    for (const TableColumn& column : table.columns()) {
      texts.push_back(column.cells[static_cast<size_t>(row)].text());
    }
    return texts;
  }

  void tell_good(const Table& table, const std::string& file, int64_t row, const Json& answer) {
    const auto label = Label::from_json(answer.at("label")).text();
    auto line = place(table, file, row) + label;
    auto cells = texts_of(table, row);
    cells.push_back(label);
    if (const Json* probability = answer.find("probability")) {
      line += fmt::format("  {:.4f}", probability->as_double());
      cells.push_back(fmt::format("{:.6f}", probability->as_double()));
    }
    reporter_.note(line);
    lines_ += csv_line(cells);
    Json event = Json::object();
    if (!file.empty()) event = Json{{"path", file}, {"row", table.line(row)}};
    event.merge(answer);
    reporter_.event("prediction", event);
  }

  void tell_bad(const Table& table, const std::string& file, int64_t row,
                const std::string& fault) {
    reporter_.note(place(table, file, row) + "cannot be predicted");
    reporter_.warn(place(table, file, row) + fault);
    Json event = Json::object();
    if (!file.empty()) event = Json{{"path", file}, {"row", table.line(row)}};
    event["error"] = fault;
    reporter_.event("unreadable", event);
    auto cells = texts_of(table, row);
    cells.resize(cells.size() + (has_classes() ? 2 : 1));
    lines_ += csv_line(cells);
    if (bad_++ == 0) first_fault_ = place(table, file, row) + fault;
  }

  const Learner& learn_;
  int64_t bs_;
  Reporter& reporter_;
  std::map<std::string, int64_t> unknown_;
  int64_t bad_ = 0;
  std::string first_fault_;
  std::string lines_;
};

void check_out(const Request& request, const Inputs& inputs) {
  if (!request.has("out")) return;
  if (inputs.files.size() != 1) {
    throw UsageError("predict",
                     fmt::format("--out is for one CSV file, got {}", inputs.files.size()));
  }
  if (fs::exists(request.path("out"))) {
    throw UsageError("predict", fmt::format("--out: {} is there already", request.text("out")));
  }
}

}  // namespace

void tabular_predict(const Learner& learn, const Request& request, Reporter& reporter) {
  const Inputs inputs = inputs_of(request);
  check_out(request, inputs);
  const RowReader reader(learn.dls().pipeline(), learn.dls().about);
  RowTeller teller(learn, request, reporter);
  if (!inputs.cells.empty()) teller.tell(reader.row(inputs.cells), "");
  for (const fs::path& file : inputs.files) teller.tell(reader.table(file), file.string());
  if (request.has("out")) {
    write_atomically(request.path("out"), teller.lines());
    reporter.note(fmt::format("written   {}", request.text("out")));
  }
  teller.finish();
}

}  // namespace linnet
