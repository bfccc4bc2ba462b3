#include "linnet/app/run_report.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "linnet/app/model_use.h"
#include "linnet/app/request.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/run_record.h"
#include "linnet/core/strings.h"
#include "linnet/interpret/diagrams.h"
#include "linnet/interpret/report.h"
#include "linnet/interpret/report_pictures.h"
#include "linnet/interpret/report_sections.h"
#include "linnet/interpret/training_charts.h"
#include "linnet/io/atomic_file.h"
#include "linnet/train/test_set.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

double figure_in(std::string_view cell) { return std::strtod(std::string(cell).c_str(), nullptr); }

double seconds_of(const Table& log) {
  double seconds = 0;
  if (!log.has("time")) return seconds;
  for (int64_t row = 0; row < log.rows(); ++row) seconds += figure_in(log["time"].text(row));
  return seconds;
}

// The last row's figures: "error_rate 0.0125, valid_loss 0.04".
std::string last_figures(const Table& log) {
  std::string text;
  for (size_t i = log.columns().size(); i-- > 0;) {
    const std::string& name = log.columns()[i].name();
    const auto cell = log.columns()[i].text(log.rows() - 1);
    if (name == "time" || name == "epoch" || name == "fit" || cell.empty()) continue;
    const double number = figure_in(cell);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                        std::isfinite(number) ? fmt::format("{:.4g}", number) : "no number");
  }
  return text;
}

std::string lead_of(const RunRecord& run) {
  if (!run.log || run.log->rows() == 0)
    return "No epoch was finished: there is no model to judge yet.";
  const Json* valid = run.about().find("valid");
  return fmt::format(
      "After {} epoch{}: {}, on {} items that it was not trained on.", run.log->rows(),
      run.log->rows() == 1 ? "" : "s", last_figures(*run.log),
      valid != nullptr && valid->is_int() ? detail::grouped(valid->as_int()) : "the");
}

// What is known of every run; the kind of model adds its own in the middle.
std::string what_html(const RunRecord& run) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"data", run.data().lexically_normal().string()}};
  if (run.model) {
    const auto own = use_of(*run.model, "report").facts(run);
    facts.insert(facts.end(), own.begin(), own.end());
    facts.emplace_back("parameters",
                       detail::grouped(detail::parameters_of(run.model->network().module())));
    facts.emplace_back("loss", run.model->loss().name());
  }
  for (const auto& [title, name] : std::initializer_list<std::pair<const char*, const char*>>{
           {"architecture", "arch"}, {"first weights", "weights"}, {"metrics", "metrics"}}) {
    facts.emplace_back(title, run.value(name));
  }
  facts.emplace_back("recipe", run.fact("recipe"));
  facts.emplace_back("learning rate", run.value("lr"));
  facts.emplace_back("optimizer", run.fact("optimizer"));
  for (const auto& [title, name] : std::initializer_list<std::pair<const char*, const char*>>{
           {"weight decay", "wd"},
           {"label smoothing", "label-smoothing"},
           {"mixup", "mixup"},
           {"cutmix", "cutmix"},
           {"moving average of weights", "ema"},
           {"batch size", "batch-size"}}) {
    facts.emplace_back(title, run.value(name));
  }
  facts.emplace_back("precision", run.fact("precision"));
  facts.emplace_back("seed", run.value("seed"));
  facts.emplace_back("begun", run.fact("started"));
  facts.emplace_back("training time", run.log ? human_time(seconds_of(*run.log)) : "");
  return html_facts(facts);
}

std::string machine_html(const RunRecord& run) {
  const Json* machine = run.config.find("machine");
  std::vector<std::pair<std::string, std::string>> facts;
  if (machine != nullptr && machine->is_object()) {
    for (const auto& [name, value] : machine->as_object()) {
      if (value.is_null()) continue;
      facts.emplace_back(name, name == "memory" && value.is_number()
                                   ? human_bytes(value.as_double())
                               : value.is_string() ? value.as_string()
                                                   : value.dump());
    }
  }
  const Json* threads = run.config.find("threads");
  if (threads != nullptr) facts.emplace_back("threads", threads->dump());
  facts.emplace_back("linnet", run.fact("linnet"));
  facts.emplace_back("LibTorch", run.fact("libtorch"));
  return html_facts(facts);
}

std::string command_html(const RunRecord& run) {
  const std::string command = run.fact("command");
  if (command.empty()) return html_note("config.json does not hold the command.");
  return html_paragraph("The same data, command and number of threads give the same numbers.") +
         html_code("cd " + shell_quoted(run.fact("folder")) + "\n" + command) +
         html_paragraph("This page is made again, with looks at a test set since then, by") +
         html_code("linnet report " + shell_quoted(run.folder.string()));
}

TrainingFacts facts_of(const RunRecord& run) {
  TrainingFacts facts = training_facts(run.card);
  const Json* values = run.config.find("values");
  const Json* lr = values != nullptr ? values->find("lr") : nullptr;
  if (lr != nullptr && lr->is_number()) facts.lr = lr->as_double();
  facts.optimizer = run.fact("optimizer");
  return facts;
}

std::string no_log(const RunRecord& run) {
  return run.no_log.empty() ? "log.csv is not in the run's folder: no epoch was begun."
                            : "The log cannot be read: " + run.no_log;
}

std::string epochs_part(const RunRecord& run) {
  if (!run.log) return html_note(no_log(run));
  return epochs_html(*run.log);
}

std::string curves_part(const RunRecord& run) {
  if (!run.log) return html_note(no_log(run));
  std::string html = curves_html(read_training_log(run.folder / "log.csv"));
  const fs::path batches = run.folder / "batches.csv";
  if (fs::exists(batches)) html += batch_curves_html(read_batch_log(batches));
  return html;
}

std::string test_part(const RunRecord& run) {
  return test_html(read_test_record(run.folder / "test_evaluations.jsonl"),
                   fmt::format("linnet validate {} PICTURES", shell_quoted(run.folder.string())));
}

Report report_of(const RunRecord& run) {
  Report report{
      .title = run.model_name() + " on " + data_name(run.data()),
      .lead = lead_of(run),
      .foot = "Made by linnet from " + fs::absolute(run.folder).lexically_normal().string()};
  const auto add = [&](std::string id, std::string title,
                       const std::function<std::string()>& body) {
    report.sections.push_back(report_section(std::move(id), std::move(title), body));
  };
  add("what", "What was trained", [&] { return what_html(run); });
  add("split", "The split", [&] { return split_html(run.about()); });
  add("epochs", "Epochs", [&] { return epochs_part(run); });
  add("curves", "Curves", [&] { return curves_part(run); });
  if (const fs::path file = run.folder / "activations.safetensors"; fs::exists(file))
    add("activations", "Activations", [&] { return activations_html(read_activations(file)); });
  if (run.model) {
    for (ReportSection& section : use_of(*run.model, "report").sections(run))
      report.sections.push_back(std::move(section));
  } else {
    add("model", "The model", [&] { return html_note(run.no_model); });
  }
  add("test", "Test set", [&] { return test_part(run); });
  add("diagrams", "How it works", [&] { return diagrams_html(run.learner(), facts_of(run)); });
  add("machine", "The machine", [&] { return machine_html(run); });
  add("again", "To do it again", [&] { return command_html(run); });
  return report;
}

}  // namespace

fs::path write_run_report(const fs::path& folder, Reporter& reporter) {
  const RunRecord run = read_run(folder);
  if (const Json* valid = run.about().find("valid"); run.model && valid != nullptr)
    reporter.note(fmt::format("report    looks at the {} items held out ...",
                              detail::grouped(valid->as_int())));
  const fs::path file = folder / "report.html";
  write_atomically(file, report_page(report_of(run)));
  return file;
}

}  // namespace linnet
