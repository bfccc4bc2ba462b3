#include "linnet/interpret/report_sections.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "linnet/core/strings.h"
#include "linnet/interpret/report.h"

namespace linnet {

namespace {

using detail::grouped;

std::string count_text(const Json* count) {
  return count != nullptr && count->is_int() ? grouped(count->as_int()) : "";
}

std::string text_of(const Json* value) {
  if (value == nullptr || value->is_null()) return "";
  if (value->is_string()) return value->as_string();
  if (!value->is_number()) return value->dump();
  return value->is_int() ? grouped(value->as_int()) : fmt::format("{:.4g}", value->as_double());
}

// A cell of the log: whole numbers as they are, others with four digits.
std::string figure_text(const std::string& cell, const std::string& column) {
  char* end = nullptr;
  const double number = std::strtod(cell.c_str(), &end);
  if (cell.empty() || *end != '\0') return cell;
  if (column == "time") return human_time(number);
  if (!std::isfinite(number)) return "no number";
  return cell.find_first_of(".eE") == std::string::npos ? cell : fmt::format("{:.4g}", number);
}

std::string class_counts_html(const Json& about) {
  const Json* train = about.find("train_classes");
  if (train == nullptr || !train->is_object())
    return html_paragraph("The labels are no classes: there is nothing to count.");
  const Json* valid = about.find("valid_classes");
  HtmlTable table{.caption = "Pictures of each class",
                  .header = {"class", "training", "validation"},
                  .rows = {}};
  for (const auto& [label, count] : train->as_object()) {
    const Json* held_out = valid != nullptr ? valid->find(label) : nullptr;
    table.rows.push_back({label, count_text(&count), held_out ? count_text(held_out) : "0"});
  }
  return html_table(table, 12);
}

}  // namespace

std::string split_html(const Json& about) {
  if (about.find("train") == nullptr)
    return html_note("It is not known how the items were split: they came as finished tensors.");
  const Json* rule = about.find("split");
  return html_facts({{"training", count_text(about.find("train"))},
                     {"validation", count_text(about.find("valid"))},
                     {"test, held back", count_text(about.find("test"))},
                     {"subset of each class", text_of(about.find("subset"))},
                     {"rule", rule != nullptr ? detail::rule_text(*rule) : ""},
                     {"hash", text_of(about.find("split_hash"))}}) +
         html_paragraph(
             "Equal hashes mean that the same files are held out. Their names are in split.csv.") +
         class_counts_html(about);
}

std::string epochs_html(const Table& log) {
  if (log.rows() == 0) return html_note("No epoch was finished, so there are no figures.");
  HtmlTable table{.caption = "Figures after each epoch", .header = log.names(), .rows = {}};
  for (int64_t row = 0; row < log.rows(); ++row) {
    auto cells = log.texts(row);
    for (size_t i = 0; i < cells.size(); ++i) cells[i] = figure_text(cells[i], table.header[i]);
    table.rows.push_back(std::move(cells));
  }
  return html_table(table);
}

std::string classes_html(const ClassReport& report) {
  HtmlTable table{.caption = "Validation set, by class",
                  .header = {"class", "precision", "recall", "f1", "pictures"},
                  .rows = {}};
  const auto add = [&](const ClassScore& score) {
    table.rows.push_back({score.label, fmt::format("{:.3f}", score.precision),
                          fmt::format("{:.3f}", score.recall), fmt::format("{:.3f}", score.f1),
                          grouped(score.count)});
  };
  for (const ClassScore& score : report.classes) add(score);
  add(report.macro_avg);
  add(report.weighted_avg);
  return html_paragraph(
             "Precision: of those called so, the share that are. Recall: of those that are, the "
             "share called so. f1: the harmonic mean of the two.") +
         html_table(table, 60);
}

std::string test_html(const std::vector<Json>& record, const std::string& command) {
  if (record.empty()) {
    return html_paragraph("Nobody has looked at a test set with this model. This does it, once:") +
           html_code(command);
  }
  HtmlTable table{.caption = "Every look at a test set",
                  .header = {"time", "test set", "metrics", "look", "items", "loss"},
                  .rows = {},
                  .text_columns = 3};
  bool again = false;
  for (const Json& line : record) {
    const Json* metrics = line.find("metrics");
    const Json* look = line.find("look");
    again = again || (look != nullptr && look->is_int() && look->as_int() > 1);
    table.rows.push_back({text_of(line.find("time")), text_of(line.find("test_set")),
                          metrics != nullptr ? detail::rule_text(*metrics) : "", text_of(look),
                          text_of(line.find("items")), text_of(line.find("loss"))});
  }
  return html_table(table) +
         (again ? html_note("A test set was looked at more than once: what was changed in between "
                            "may have been chosen by it.")
                : "");
}

std::string diagrams_html(const Learner& learn, const TrainingFacts& facts) {
  std::string html;
  const auto add = [&](const std::function<Diagram()>& make, const char* caption) {
    try {
      html += html_drawing(draw_diagram(make()), caption);
    } catch (const std::exception& e) {
      html += html_note(fmt::format("{}: could not be drawn. {}", caption, e.what()));
    }
  };
  add([&] { return loop_diagram(learn, facts, LoopPicture::last); }, "The training loop");
  add([&] { return data_diagram(learn); }, "The road of the data");
  add([&] { return model_diagram(learn); }, "The network, block by block");
  return html;
}

}  // namespace linnet
