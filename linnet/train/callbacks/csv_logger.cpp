#include "linnet/train/callbacks/csv_logger.h"

#include <fmt/format.h>

#include <vector>

#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

std::string cell_text(const Json* cell) {
  if (cell == nullptr || cell->is_null()) return "";
  return cell->is_int() ? fmt::format("{}", cell->as_int())
                        : fmt::format("{:.6f}", cell->as_double());
}

}  // namespace

void CsvLogger::before_fit(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  ++fits_;
  if (!text_.empty()) return;
  auto columns = learn.recorder().columns();
  columns.insert(columns.begin(), "fit");
  text_ = csv_line(columns);
  write_atomically(file_, text_);
}

void CsvLogger::after_epoch(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  const Json& row = learn.recorder().rows().back();
  std::vector<std::string> cells = {fmt::format("{}", fits_ - 1)};
  for (const std::string& column : learn.recorder().columns())
    cells.push_back(cell_text(row.find(column)));
  text_ += csv_line(cells);
  write_atomically(file_, text_);
  ++rows_;
}

PartState CsvLogger::state(const Learner&) const {
  return {.meta = {{"text", text_}, {"fits", fits_}, {"rows", rows_}}, .tensors = {}};
}

void CsvLogger::load_state(Learner&, const PartState& state) {
  text_ = state.meta.at("text").as_string();
  fits_ = state.meta.at("fits").as_int();
  rows_ = state.meta.at("rows").as_int();
  write_atomically(file_, text_);
}

const Registered<CallbackEntry> csv_logger_entry{callback_entry<CsvLogger>("csv_logger")};

}  // namespace linnet
