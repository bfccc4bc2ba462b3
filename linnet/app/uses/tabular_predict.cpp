#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "linnet/app/tabular_data.h"
#include "linnet/app/uses/rows_out.h"
#include "linnet/app/uses/tabular.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/csv.h"
#include "linnet/tabular/rows.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

/** What is to be predicted: files, or one row by its cells. */
struct TableInputs {
  std::vector<fs::path> files = {};
  std::vector<std::pair<std::string, std::string>> cells = {};
};

TableInputs inputs_of(const Request& request) {
  TableInputs inputs;
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

  /** One row that stands nowhere. */
  void tell(Table row) { tell_rows({.inputs = std::move(row)}); }

  void tell(const RowReader& reader, const fs::path& file) {
    const Table given = reader.file(file);
    Rows rows{.given = &given};
    rows.inputs = reader.inputs(given, {.on_bad_date = [&](int64_t row, const std::string& fault) {
                                  rows.faults.emplace(row, fault);
                                }});
    if (given.rows() == 0) throw DataError("predict", file, "has no rows");
    begin_lines(given.names());
    tell_rows(rows);
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
  /** What is predicted, and where it stands. */
  struct Rows {
    const Table* given = nullptr;  // as they stand in a file; null for a row that stands nowhere
    Table inputs = {};
    std::map<int64_t, std::string> faults = {};  // of rows with a date that is none: what is wrong

    std::string place(int64_t row) const {
      return given == nullptr ? ""
                              : fmt::format("{}:{}  ", given->path().string(), given->line(row));
    }
    Json event(int64_t row) const {
      return given == nullptr ? Json::object()
                              : Json{{"path", given->path().string()}, {"row", given->line(row)}};
    }
  };

  void tell_rows(const Rows& rows) {
    const Pipeline& pipeline = learn_.dls().pipeline();
    const Predictor predictor = learn_.predictor();
    std::vector<Sample> batch;
    std::vector<int64_t> positions;
    for (int64_t row = 0; row < rows.inputs.rows(); ++row) {
      const Value source = row_source(pipeline, rows.inputs, row);
      const auto fault = fault_of(rows, row, source);
      if (fault.empty()) {
        for (const auto& name : row_categories(pipeline).unknown_in(source)) ++unknown_[name];
        batch.push_back(predictor.encode({source, source}));
        positions.push_back(row);
      }
      if (fault.empty() && std::ssize(positions) < bs_ && row + 1 < rows.inputs.rows()) continue;
      predict(rows, std::move(batch), positions);
      batch = {};
      positions.clear();
      if (!fault.empty()) tell_bad(rows, row, fault);
    }
  }

  std::string fault_of(const Rows& rows, int64_t row, const Value& source) const {
    const auto found = rows.faults.find(row);
    if (found != rows.faults.end()) return found->second;
    return row_numbers(learn_.dls().pipeline()).fault_of(source);
  }

  bool has_classes() const { return learn_.dls().pipeline().target()->kind() == Kind::category; }

  void begin_lines(std::vector<std::string> header) {
    if (!lines_.empty()) return;
    header.emplace_back("prediction");
    if (has_classes()) header.emplace_back("probability");
    lines_ = csv_line(header);
  }

  void predict(const Rows& rows, std::vector<Sample> batch, const std::vector<int64_t>& positions) {
    if (batch.empty()) return;
    const Predictor predictor = learn_.predictor();
    const auto probs = predictor.pred_batch(predictor.batch_of(std::move(batch)));
    const auto decisions = learn_.loss().decodes(probs);
    for (size_t i = 0; i < positions.size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      tell_good(rows, positions[i], tabular_answer(learn_, probs[at], decisions[at]));
    }
  }

  void add_line(const Rows& rows, int64_t row, const std::vector<std::string>& predicted) {
    if (rows.given == nullptr) return;
    auto cells = rows.given->texts(row);
    cells.insert(cells.end(), predicted.begin(), predicted.end());
    lines_ += csv_line(cells);
  }

  void tell_good(const Rows& rows, int64_t row, const Json& answer) {
    const auto label = Label::from_json(answer.at("label")).text();
    auto line = rows.place(row) + label;
    std::vector<std::string> predicted = {label};
    if (const Json* probability = answer.find("probability")) {
      line += fmt::format("  {:.4f}", probability->as_double());
      predicted.push_back(fmt::format("{:.6f}", probability->as_double()));
    }
    reporter_.note(line);
    add_line(rows, row, predicted);
    Json event = rows.event(row);
    event.merge(answer);
    reporter_.event("prediction", event);
  }

  void tell_bad(const Rows& rows, int64_t row, const std::string& fault) {
    reporter_.note(rows.place(row) + "cannot be predicted");
    reporter_.warn(rows.place(row) + fault);
    Json event = rows.event(row);
    event["error"] = fault;
    reporter_.event("unreadable", event);
    add_line(rows, row, std::vector<std::string>(has_classes() ? 2 : 1));
    if (bad_++ == 0) first_fault_ = rows.place(row) + fault;
  }

  const Learner& learn_;
  int64_t bs_;
  Reporter& reporter_;
  std::map<std::string, int64_t> unknown_;
  int64_t bad_ = 0;
  std::string first_fault_;
  std::string lines_;
};

}  // namespace

void tabular_predict(const Learner& learn, const Request& request, Reporter& reporter) {
  const TableInputs inputs = inputs_of(request);
  check_rows_out(request, inputs.files);
  const RowReader reader(learn.dls().pipeline(), learn.dls().about);
  RowTeller teller(learn, request, reporter);
  if (!inputs.cells.empty()) teller.tell(reader.row(inputs.cells));
  for (const fs::path& file : inputs.files) teller.tell(reader, file);
  write_rows_out(request, teller.lines(), reporter);
  teller.finish();
}

}  // namespace linnet
