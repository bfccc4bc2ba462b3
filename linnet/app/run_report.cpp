#include "linnet/app/run_report.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <optional>

#include "linnet/app/held_out.h"
#include "linnet/app/request.h"
#include "linnet/app/run_folder.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/interpret/report.h"
#include "linnet/interpret/report_looks.h"
#include "linnet/interpret/report_pictures.h"
#include "linnet/interpret/report_sections.h"
#include "linnet/interpret/training_charts.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"
#include "linnet/io/file_text.h"
#include "linnet/train/learner_file.h"
#include "linnet/train/test_set.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kWhere = "report";

/** What a run's folder holds. */
struct Run {
  fs::path folder;
  Json config = Json::object();
  Json card = Json::object();           // of the model; empty when it is not there
  std::optional<Learner> learner = {};  // likewise
  std::string no_learner = "";          // why
  std::optional<CsvTable> log = {};

  const Json& about() const {
    const Json* data = card.find("data");
    if (data == nullptr) data = config.find("data");
    return data != nullptr ? *data : nothing;
  }
  /** What `linnet train` was asked for, as text; "" when it is not known. */
  std::string value(std::string_view name) const {
    const Json* values = config.find("values");
    const Json* value = values != nullptr ? values->find(name) : nullptr;
    if (value == nullptr || value->is_null()) return "";
    if (value->is_string()) return value->as_string();
    if (value->is_array()) return join(value->as_strings(), ", ");
    return value->is_number() ? fmt::format("{:g}", value->as_double()) : value->dump();
  }
  std::string fact(std::string_view name) const {
    const Json* value = config.find(name);
    return value != nullptr && value->is_string() ? value->as_string() : "";
  }

  Json nothing = Json::object();
};

// Learner's constructor with an optional in Run: read late, so that a broken model still leaves the
// rest of the page.
Run read_run(const fs::path& folder) {
  Run run{.folder = folder};
  const fs::path config = folder / "config.json";
  if (!fs::exists(config)) {
    throw DataError(kWhere, folder,
                    fs::is_directory(folder)
                        ? "holds no run of linnet: there is no config.json in it"
                        : "there is no such folder. Give the folder of a run of linnet train.");
  }
  try {
    run.config = Json::parse(file_text(config, kWhere));
  } catch (const DataError& e) {
    throw DataError(kWhere, config, e.what());
  }
  try {
    run.card = read_learner_card(folder / "model.safetensors");
    run.learner = load_learner(folder / "model.safetensors", {.reporter = &silent_reporter()});
  } catch (const std::exception& e) {
    run.no_learner = e.what();
  }
  if (fs::exists(folder / "log.csv")) run.log = read_csv(folder / "log.csv");
  return run;
}

const Learner& learner_of(const Run& run) {
  if (!run.learner) throw DataError(kWhere, "the model cannot be read: " + run.no_learner);
  return *run.learner;
}

std::string arch_of(const Run& run) {
  return run.learner ? detail::model_name(*run.learner) : run.value("arch");
}

fs::path data_of(const Run& run) { return fs::path(run.fact("folder")) / run.value("path"); }

double seconds_of(const CsvTable& log) {
  double seconds = 0;
  for (size_t i = 0; i < log.header.size(); ++i) {
    if (log.header[i] != "time") continue;
    for (const auto& row : log.rows) seconds += std::strtod(row[i].c_str(), nullptr);
  }
  return seconds;
}

// The last row's figures: "error_rate 0.0125, valid_loss 0.04".
std::string last_figures(const CsvTable& log) {
  std::string text;
  for (size_t i = log.header.size(); i-- > 0;) {
    const std::string& name = log.header[i];
    const std::string& cell = log.rows.back()[i];
    if (name == "time" || name == "epoch" || name == "fit" || cell.empty()) continue;
    const double number = std::strtod(cell.c_str(), nullptr);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                        std::isfinite(number) ? fmt::format("{:.4g}", number) : "no number");
  }
  return text;
}

std::string lead_of(const Run& run) {
  if (!run.log || run.log->rows.empty())
    return "No epoch was finished: there is no model to judge yet.";
  const Json* valid = run.about().find("valid");
  return fmt::format(
      "After {} epoch{}: {}, on {} pictures that it was not trained on.", run.log->rows.size(),
      run.log->rows.size() == 1 ? "" : "s", last_figures(*run.log),
      valid != nullptr && valid->is_int() ? detail::grouped(valid->as_int()) : "the");
}

std::string changes_of(const Run& run) {
  std::vector<std::string> changes;
  if (!run.value("min-scale").empty() && run.value("min-scale") != "1")
    changes.push_back("random parts of at least " + run.value("min-scale") + " of the area");
  if (run.value("flip") == "true") changes.emplace_back("half of them mirrored");
  if (run.value("augment") == "true")
    changes.emplace_back("turned, zoomed, warped and lit at random");
  return changes.empty() ? "none" : join(changes, ", ");
}

std::string epochs_text(const std::string& count) {
  return count + (count == "1" ? " epoch" : " epochs");
}

std::string recipe_of(const Run& run) {
  const std::string whole = epochs_text(run.value("epochs"));
  std::string fit = run.value("fit");
  if (fit.empty()) fit = run.value("weights") == "none" ? "fit_one_cycle" : "fine_tune";
  if (fit != "fine_tune") return fit + ": " + whole + ", nothing frozen";
  return fmt::format("fine_tune: {} of the head, then {} of the whole model",
                     epochs_text(run.value("freeze-epochs")), whole);
}

std::string what_html(const Run& run) {
  const Json* rule = run.about().find("label");
  std::string classes, parameters, loss;
  if (run.learner) {
    const auto vocab = run.learner->dls().vocab();
    if (!vocab.empty()) classes = fmt::format("{}: {}", vocab.size(), detail::listed(vocab, 12));
    parameters = detail::grouped(detail::parameters_of(run.learner->network().module()));
    loss = run.learner->loss().name();
  }
  return html_facts({{"pictures", data_of(run).lexically_normal().string()},
                     {"label", rule != nullptr ? detail::rule_text(*rule) : ""},
                     {"classes", classes},
                     {"architecture", arch_of(run)},
                     {"parameters", parameters},
                     {"first weights", run.value("weights")},
                     {"loss", loss},
                     {"metrics", run.value("metrics")},
                     {"size of a picture", run.value("size") + " pixels, square"},
                     {"changes in training", changes_of(run)},
                     {"recipe", recipe_of(run)},
                     {"learning rate", run.value("lr")},
                     {"optimizer", run.fact("optimizer")},
                     {"weight decay", run.value("wd")},
                     {"label smoothing", run.value("label-smoothing")},
                     {"mixup", run.value("mixup")},
                     {"cutmix", run.value("cutmix")},
                     {"moving average of weights", run.value("ema")},
                     {"batch size", run.value("batch-size")},
                     {"precision", run.fact("precision")},
                     {"seed", run.value("seed")},
                     {"begun", run.fact("started")},
                     {"training time", run.log ? human_time(seconds_of(*run.log)) : ""}});
}

std::string machine_html(const Run& run) {
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

std::string command_html(const Run& run) {
  const std::string command = run.fact("command");
  if (command.empty()) return html_note("config.json does not hold the command.");
  return html_paragraph("The same data, command and number of threads give the same numbers.") +
         html_code("cd " + shell_quoted(run.fact("folder")) + "\n" + command) +
         html_paragraph("This page is made again, with looks at a test set since then, by") +
         html_code("linnet report " + shell_quoted(run.folder.string()));
}

TrainingFacts facts_of(const Run& run) {
  TrainingFacts facts = training_facts(run.card);
  const Json* values = run.config.find("values");
  const Json* lr = values != nullptr ? values->find("lr") : nullptr;
  if (lr != nullptr && lr->is_number()) facts.lr = lr->as_double();
  facts.optimizer = run.fact("optimizer");
  return facts;
}

std::string epochs_part(const Run& run) {
  if (!run.log) return html_note("log.csv is not in the run's folder: no epoch was begun.");
  return epochs_html(*run.log);
}

std::string curves_part(const Run& run) {
  if (!run.log) return html_note("log.csv is not in the run's folder: there are no curves.");
  return curves_html(read_training_log(run.folder / "log.csv"));
}

std::string test_part(const Run& run) {
  return test_html(read_test_record(run.folder / "test_evaluations.jsonl"),
                   fmt::format("linnet validate {} PICTURES", shell_quoted(run.folder.string())));
}

Report report_of(const Run& run) {
  const std::string name = data_name(data_of(run));
  Report report{
      .title = arch_of(run) + " on " + name,
      .lead = lead_of(run),
      .foot = "Made by linnet from " + fs::absolute(run.folder).lexically_normal().string()};
  const auto add = [&](std::string id, std::string title,
                       const std::function<std::string()>& body) {
    report.sections.push_back(report_section(std::move(id), std::move(title), body));
  };
  HeldOut held_out([&] {
    return interpret_held_out(
        learner_of(run),
        {.run = run.folder, .started = run.fact("folder"), .pictures = data_of(run)});
  });
  add("what", "What was trained", [&] { return what_html(run); });
  add("split", "The split", [&] { return split_html(run.about()); });
  add("epochs", "Epochs", [&] { return epochs_part(run); });
  add("curves", "Curves", [&] { return curves_part(run); });
  add("classes", "By class", [&] { return classes_html(learner_of(run), held_out()); });
  add("confusion", "What is taken for what",
      [&] { return confusion_html(learner_of(run), held_out()); });
  add("extremes", "Worst and best pictures",
      [&] { return extremes_html(learner_of(run), held_out()); });
  add("looks", "What it looks at", [&] { return looks_html(learner_of(run), held_out()); });
  add("test", "Test set", [&] { return test_part(run); });
  add("diagrams", "How it works", [&] { return diagrams_html(learner_of(run), facts_of(run)); });
  add("machine", "The machine", [&] { return machine_html(run); });
  add("again", "To do it again", [&] { return command_html(run); });
  return report;
}

}  // namespace

fs::path write_run_report(const fs::path& folder, Reporter& reporter) {
  const Run run = read_run(folder);
  if (const Json* valid = run.about().find("valid"); run.learner && valid != nullptr)
    reporter.note(fmt::format("report    looks at the {} pictures held out ...",
                              detail::grouped(valid->as_int())));
  const fs::path file = folder / "report.html";
  write_atomically(file, report_page(report_of(run)));
  return file;
}

}  // namespace linnet
