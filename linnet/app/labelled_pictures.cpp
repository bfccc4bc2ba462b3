#include "linnet/app/labelled_pictures.h"

#include <fmt/format.h>

#include "linnet/app/data_fields.h"
#include "linnet/app/image_data.h"
#include "linnet/app/model_file.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/items.h"
#include "linnet/data/mask_file.h"
#include "linnet/data/splitters/file.h"
#include "linnet/io/hash.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

LabelRule rule_of(const Request& request, const Json& about) {
  if (request.has("label")) {
    const auto rule = parse_label_rule(request.text("label"), request.path("path"));
    return request.has("label-delim") ? labels_in(rule, request.text("label-delim")) : rule;
  }
  const Json* rule = about.find("label");
  if (rule == nullptr || !rule->is_object()) {
    throw UsageError(request.job(),
                     "--label is missing: the model's file does not say how pictures "
                     "are labelled");
  }
  return LabelRule::from_config(*rule);
}

bool is_below(const fs::path& file, const fs::path& root) {
  const auto relative = fs::absolute(file).lexically_normal().lexically_relative(
      fs::absolute(root).lexically_normal());
  return !relative.empty() && *relative.begin() != "..";
}

// The pictures below the folder; with labels from a table, those that it has a row for; where
// labels are masks, those that are none.
std::vector<fs::path> labelled_below(const fs::path& root, const LabelRule& rule, bool masks,
                                     const std::string& job) {
  auto files = get_image_files(root);
  if (files.empty()) throw DataError(job, root, "there are no pictures in this folder");
  if (rule.files() == nullptr) return masks ? without_masks(files, rule) : files;
  files = *rule.files();
  std::erase_if(files, [&](const fs::path& file) { return !is_below(file, root); });
  if (!files.empty()) return files;
  throw DataError(job, root,
                  "the table that the model was trained with labels no picture of this folder. "
                  "Give another one: --label csv:FILE");
}

std::vector<fs::path> pictures_of(const Request& request, const LabelRule& rule, bool masks) {
  const auto root = request.path("path");
  auto files = labelled_below(root, rule, masks, request.job());
  const auto& part = request.text("part");
  if (part == "all") return files;
  const auto split =
      request.has("split")
          ? request.path("split")
          : model_file(request.path("model"), request.job()).parent_path() / "split.csv";
  const auto sides = file_splitter(split, {.root = root, .new_items = NewItems::leave_out})(files);
  const auto& side = part == "train" ? sides.train : part == "valid" ? sides.valid : sides.test;
  std::vector<fs::path> chosen;
  for (const int64_t i : side) chosen.push_back(files[static_cast<size_t>(i)]);
  if (!chosen.empty()) return chosen;
  throw DataError(request.job(), root, "there are no pictures of the part '" + part + "' here");
}

// The same pictures, wherever they are, are the same test set.
std::string name_of(const std::vector<fs::path>& files, const fs::path& root) {
  std::string names;
  for (const fs::path& file : files) names += name_below(file, root) + '\n';
  return fmt::format("{} pictures, {}", files.size(), sha256_of(names).substr(0, 8));
}

void warn_of_training_data(const Request& request, const Json& about, Reporter& reporter) {
  const Json* data = about.find("data");
  std::error_code ignored;
  if (request.text("part") != "all" || data == nullptr || !data->is_string()) return;
  if (!fs::equivalent(data->as_string(), request.path("path"), ignored)) return;
  reporter.warn(
      "The model was trained on pictures of this folder: these figures flatter it. Give "
      "pictures that it has not seen, or --part valid.");
}

TestLoaderOptions loader_options(const Request& request) {
  TestLoaderOptions options{.bs = request.integer("batch-size")};
  if (request.has("workers")) options.workers = request.integer("workers");
  return options;
}

}  // namespace

std::vector<Field> labelled_pictures_fields() {
  using enum FieldKind;
  return {model_field(),
          {.name = "path",
           .kind = path,
           .help = "folder of labelled pictures",
           .positional = true,
           .required = true},
          {.name = "label",
           .help = "where a picture's label is, as for `linnet train`",
           .preset_note = "the rule that the model was trained with",
           .placeholder = "RULE"},
          label_delim_field(),
          {.name = "split",
           .kind = path,
           .help = "a saved split",
           .preset_note = "split.csv beside the model, for a part of it",
           .placeholder = "FILE"},
          {.name = "part",
           .kind = choice,
           .help = "which pictures: all below the folder, or one side of the split",
           .preset = "all",
           .choices = {"all", "train", "valid", "test"}},
          batch_size_field("pictures"),
          workers_field()};
}

LabelledPictures labelled_pictures(const Request& request, const Learner& learn,
                                   Reporter& reporter) {
  const auto& about = learn.dls().about;
  LabelledPictures pictures{.files = {}, .label = rule_of(request, about), .loader = nullptr};
  const bool masks = learn.dls().pipeline().target()->kind() == Kind::mask;
  pictures.files = pictures_of(request, pictures.label, masks);
  warn_of_training_data(request, about, reporter);
  std::vector<Dataset::Sources> items;
  items.reserve(pictures.files.size());
  for (const fs::path& file : pictures.files) items.push_back({file, pictures.label(file)});
  pictures.loader = learn.dls().test_dl(std::move(items), loader_options(request));
  return pictures;
}

ValidationReport measure(Validator& validator, const LabelledPictures& pictures,
                         const Request& request, Reporter& reporter) {
  const auto& part = request.text("part");
  if (part == "train" || part == "valid") return validator.run(*pictures.loader);
  const auto record =
      model_file(request.path("model"), request.job()).parent_path() / "test_evaluations.jsonl";
  const auto report =
      validator.run_test(*pictures.loader, name_of(pictures.files, request.path("path")), record);
  reporter.note(
      fmt::format("Look {} at these pictures, recorded in {}", report.look, record.string()));
  return report;
}

void tell_scores(const ValidationReport& report, Reporter& reporter) {
  reporter.note(fmt::format("{:<20} {:>8}", "pictures", report.items));
  reporter.note(fmt::format("{:<20} {:>8.4f}", "loss", report.scores.loss));
  for (const auto& [name, value] : report.scores.metrics) {
    reporter.note(fmt::format("{:<20} {:>8.4f}", name, value));
  }
}

void tell_classes(const std::vector<ClassScore>& classes, const ClassReport& report,
                  Reporter& reporter) {
  reporter.table({"class", "precision", "recall", "f1", "count"});
  const auto row = [&](const ClassScore& score) {
    reporter.row(Json{{"class", score.label},
                      {"precision", score.precision},
                      {"recall", score.recall},
                      {"f1", score.f1},
                      {"count", score.count}});
  };
  for (const ClassScore& score : classes) row(score);
  row(report.macro_avg);
  row(report.weighted_avg);
}

void tell_pixels(const SegmentationReport& report, Reporter& reporter) {
  for (const std::string& line : split(to_text(report), '\n')) {
    if (!line.empty()) reporter.note(line);
  }
}

}  // namespace linnet
