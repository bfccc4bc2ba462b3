#include <fmt/format.h>

#include <algorithm>

#include "linnet/app/job.h"
#include "linnet/app/labelled_pictures.h"
#include "linnet/app/model_file.h"
#include "linnet/app/plot_files.h"
#include "linnet/core/error.h"
#include "linnet/data/split.h"
#include "linnet/interpret/calibration.h"
#include "linnet/interpret/label_suspects.h"
#include "linnet/interpret/ranking_charts.h"
#include "linnet/interpret/top_losses_grid.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr size_t kShortTable = 10;  // rows; the files and --json have all

std::vector<Field> interpret_fields() {
  using enum FieldKind;
  auto fields = labelled_pictures_fields();
  const std::vector<Field> own = {
      {.name = "out",
       .kind = path,
       .help = "the folder to write pictures and tables into",
       .preset = "interpretation",
       .placeholder = "DIR"},
      {.name = "top",
       .kind = integer,
       .help = "pictures with the largest losses in top_losses.png",
       .preset = 9,
       .min = 1,
       .max = 400},
      {.name = "normalize",
       .kind = flag,
       .help = "in the confusion matrix shares of each row in place of counts",
       .preset = false},
      {.name = "cleaning",
       .kind = path,
       .help = "also write a list of likely wrong labels and top losses, for `linnet data apply`",
       .placeholder = "FILE.csv"},
      {.name = "cleaning-most",
       .kind = integer,
       .help = "rows of that list",
       .preset = 100,
       .min = 1}};
  fields.insert(fields.end(), own.begin(), own.end());
  return fields;
}

void check(const Request& request, const Learner& learn) {
  const auto kind = learn.dls().pipeline().target()->kind();
  if (kind != Kind::category) {
    throw UsageError("interpret",
                     fmt::format("the model's target is of the kind '{}', expected one class a "
                                 "picture. `linnet validate` measures this model.",
                                 to_string(kind)));
  }
  if (!request.has("cleaning")) return;
  const auto file = request.path("cleaning");
  if (file.has_parent_path() && !fs::is_directory(file.parent_path())) {
    throw IoError("interpret", file.parent_path(), "there is no such folder to write into");
  }
  if (fs::exists(file)) {
    throw UsageError("interpret",
                     fmt::format("{} is there already, and may hold your decisions. Give another "
                                 "name for the list.",
                                 file.string()));
  }
}

std::string most_confused_csv(const std::vector<Confused>& confused) {
  std::string text = csv_line({"actual", "predicted", "count"});
  for (const auto& [actual, predicted, count] : confused) {
    text += csv_line({actual.text(), predicted.text(), fmt::format("{}", count)});
  }
  return text;
}

std::string classes_csv(const ClassReport& report) {
  std::string text = csv_line({"class", "precision", "recall", "f1", "count", "called"});
  for (const ClassScore& row : report.classes) {
    text += csv_line({row.label, fmt::format("{:.6f}", row.precision),
                      fmt::format("{:.6f}", row.recall), fmt::format("{:.6f}", row.f1),
                      fmt::format("{}", row.count), fmt::format("{}", row.called)});
  }
  return text;
}

/** All that was found, for pictures, tables and JSON. */
struct Findings {
  ClassificationInterpretation interp;
  ValidationReport report;
  Calibration calibration;
  std::vector<ClassCurve> roc;
  std::vector<ClassCurve> precision_recall;
};

void write_pictures(const Findings& found, const Learner& learn, const Request& request,
                    PlotFiles& files) {
  files.add("confusion", confusion_chart(found.interp, request.flag("normalize")));
  files.add("top_losses", top_losses_grid(learn, found.interp, {.k = request.integer("top")}));
  files.add("calibration", calibration_chart(found.calibration));
  files.add("roc", roc_chart(found.roc));
  files.add("precision_recall", precision_recall_chart(found.precision_recall));
  files.add_text("most_confused.csv", most_confused_csv(found.interp.most_confused()));
  files.add_text("classes.csv", classes_csv(*found.report.classes));
}

// The classes that most is wrong with.
std::vector<ClassScore> worst(std::vector<ClassScore> classes) {
  std::stable_sort(classes.begin(), classes.end(),
                   [](const ClassScore& a, const ClassScore& b) { return a.f1 < b.f1; });
  if (classes.size() > kShortTable) classes.resize(kShortTable);
  return classes;
}

void tell(const Findings& found, Reporter& reporter) {
  tell_scores(found.report, reporter);
  reporter.note(fmt::format("{:<20} {:>8.4f}", "calibration_error", found.calibration.ece));
  reporter.note(fmt::format("{:<20} {:>8.4f}", "roc_auc", mean_area(found.roc)));
  reporter.note(
      fmt::format("{:<20} {:>8.4f}", "average_precision", mean_area(found.precision_recall)));
  tell_classes(worst(found.report.classes->classes), *found.report.classes, reporter);
  auto confused = found.interp.most_confused();
  if (confused.size() > kShortTable) confused.resize(kShortTable);
  if (confused.empty()) return reporter.note("No picture was taken for another class.");
  reporter.table({"actual", "predicted", "count"});
  for (const auto& [actual, predicted, count] : confused) {
    reporter.row(
        Json{{"actual", actual.text()}, {"predicted", predicted.text()}, {"count", count}});
  }
}

Json areas(const std::vector<ClassCurve>& curves) {
  Json by_class = Json::object();
  for (const ClassCurve& curve : curves) by_class[curve.label] = curve.area;
  return Json{{"mean", mean_area(curves)}, {"classes", by_class}};
}

Json matrix_json(const torch::Tensor& matrix) {
  Json rows(Json::Array{});
  for (int64_t i = 0; i < matrix.size(0); ++i) {
    const auto row = matrix[i].contiguous();
    rows.push_back(Json::array(
        std::vector<int64_t>(row.data_ptr<int64_t>(), row.data_ptr<int64_t>() + row.numel())));
  }
  return rows;
}

Json top_losses_json(const Findings& found, const LabelledPictures& pictures, int64_t k) {
  const auto& interp = found.interp;
  const auto top = interp.top_losses(k).indices;
  Json rows(Json::Array{});
  for (int64_t i = 0; i < top.numel(); ++i) {
    const auto item = top[i].item<int64_t>();
    const auto label = [&](const torch::Tensor& classes) {
      return interp.vocab()[static_cast<size_t>(classes[item].item<int64_t>())].to_json();
    };
    rows.push_back(Json{{"path", pictures.files[static_cast<size_t>(item)].string()},
                        {"label", label(interp.targets())},
                        {"predicted", label(interp.decoded())},
                        {"loss", interp.losses()[item].item<double>()},
                        {"probability", interp.preds()[item].max().item<double>()}});
  }
  return rows;
}

Json to_json(const Findings& found, const LabelledPictures& pictures, int64_t top) {
  Json json = found.report.to_json();
  json["confusion_matrix"] = matrix_json(found.interp.confusion_matrix());
  Json confused(Json::Array{});
  for (const auto& [actual, predicted, count] : found.interp.most_confused()) {
    confused.push_back(
        Json{{"actual", actual.to_json()}, {"predicted", predicted.to_json()}, {"count", count}});
  }
  json["most_confused"] = confused;
  json["calibration_error"] = found.calibration.ece;
  json["roc_auc"] = areas(found.roc);
  json["average_precision"] = areas(found.precision_recall);
  json["top_losses"] = top_losses_json(found, pictures, top);
  return json;
}

// A rule as it is typed; empty for one that has no such form.
std::string typed_rule(const LabelRule& label) {
  const Json& config = label.config();
  const std::string& rule = config.at("rule").as_string();
  if (rule == "name-case" || rule == "parent") return rule;
  const bool typed = rule == "regex" && config.at("part").as_string() == "name" &&
                     !config.at("at_start").as_bool();
  return typed ? "regex:" + config.at("pattern").as_string() : "";
}

std::string apply_command(const Request& request, const LabelRule& label) {
  const std::string rule = request.has("label") ? request.text("label") : typed_rule(label);
  return fmt::format("linnet data apply {} {}{}", shell_quoted(request.path("cleaning").string()),
                     shell_quoted(request.path("path").string()),
                     rule.empty() ? "" : " --label " + shell_quoted(rule));
}

// Confident learning takes a model's word against a label's: of a weak one it is worth little.
void warn_of_weak_model(const ClassificationInterpretation& interp, Reporter& reporter) {
  constexpr double kTrusted = 0.8;
  const double right =
      interp.decoded().eq(interp.targets()).to(torch::kDouble).mean().item<double>();
  if (right >= kTrusted) return;
  reporter.warn(
      fmt::format("the model is wrong about {:.0f}% of these pictures: most labels that it doubts "
                  "are right. Clean with a better model, or look at each picture.",
                  100 * (1 - right)));
}

void write_cleaning(const Findings& found, const LabelledPictures& pictures, const Request& request,
                    Reporter& reporter) {
  const auto suspects = label_suspects(found.interp, request.integer("cleaning-most"));
  const auto root = request.path("path");
  const auto folder = fs::weakly_canonical(fs::absolute(root)).string();
  std::string text =
      csv_line({"path", "label", "suggestion", "action", "loss", "probability", "why", "folder"});
  int64_t wrong = 0;
  for (const Suspect& suspect : suspects) {
    wrong += suspect.likely_wrong ? 1 : 0;
    text += csv_line(
        {name_below(pictures.files[static_cast<size_t>(suspect.item)], root), suspect.label.text(),
         suspect.suggestion == suspect.label ? "" : suspect.suggestion.text(), "keep",
         fmt::format("{:.4f}", suspect.loss), fmt::format("{:.4f}", suspect.probability),
         suspect.likely_wrong ? "likely wrong label" : "large loss", folder});
  }
  write_atomically(request.path("cleaning"), text);
  warn_of_weak_model(found.interp, reporter);
  reporter.note(fmt::format(
      "\n{} pictures to look at, {} of them with labels that are likely wrong: "
      "{}\nWrite relabel or "
      "delete into the column action where that is right, then:\n  {}",
      suspects.size(), wrong, request.text("cleaning"), apply_command(request, pictures.label)));
}

Findings find(Validator& validator, const LabelledPictures& pictures, const Request& request,
              Reporter& reporter) {
  const auto report = measure(validator, pictures, request, reporter);
  const Dataset* items = pictures.loader->dataset();
  ClassificationInterpretation interp(
      Interpretation(validator.predictions(), items == nullptr ? Dataset() : *items),
      validator.learner().dls().vocab());
  const auto &probs = interp.preds(), &targets = interp.targets();
  const auto& vocab = interp.vocab();
  return {.interp = interp,
          .report = report,
          .calibration = calibration(probs, targets),
          .roc = roc_curves(probs, targets, vocab),
          .precision_recall = precision_recall_curves(probs, targets, vocab)};
}

Json run_interpret(const Request& request, Reporter& reporter) {
  Validator validator(model_file(request.path("model"), request.job()), reporter);
  check(request, validator.learner());
  const auto pictures = labelled_pictures(request, validator.learner(), reporter);
  PlotFiles files(request.path("out"));
  const Findings found = find(validator, pictures, request, reporter);
  write_pictures(found, validator.learner(), request, files);
  tell(found, reporter);
  if (request.has("cleaning")) write_cleaning(found, pictures, request, reporter);
  reporter.note(fmt::format("\nWritten: {}", fmt::join(files.written(), "\n         ")));
  reporter.event("interpretation", to_json(found, pictures, request.integer("top")));
  Json result{{"out", files.folder().string()}, {"files", Json::array(files.written())}};
  if (request.has("cleaning")) result["cleaning"] = request.text("cleaning");
  return result;
}

}  // namespace

const Registered<Job> interpret_job{
    {.name = "interpret",
     .summary = "see which classes a trained model takes for which, and its worst mistakes",
     .help =
         "Writes into DIR, as SVG and PNG: the confusion matrix; the pictures with the largest\n"
         "losses (prediction / label / loss / probability); how far its probabilities can be\n"
         "trusted (calibration); ROC and precision by recall of each class. As CSV: most_confused\n"
         "and classes. With --cleaning also a list of the labels that are likely wrong: look\n"
         "through it, and `linnet data apply` makes it so. As for `linnet validate`, each look at\n"
         "pictures that are neither train nor valid is written down.\n\n"
         "Examples\n"
         "  linnet interpret runs/pets-resnet34 pets/images --part valid\n"
         "  linnet interpret model.safetensors photos --label parent --out seen --top 16\n"
         "  linnet interpret runs/photos photos --part valid --cleaning clean.csv",
     .fields = interpret_fields,
     .run = run_interpret}};

}  // namespace linnet
