#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/core/error.h"
#include "linnet/data/cleaning_list.h"
#include "linnet/data/split.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::vector<Field> data_apply_fields() {
  using enum FieldKind;
  return {{.name = "file",
           .kind = path,
           .help = "a list that `linnet interpret --cleaning` wrote and you have looked through",
           .placeholder = "FILE",
           .positional = true,
           .required = true},
          {.name = "path",
           .kind = path,
           .help = "folder of the pictures",
           .preset_note = "the one that the list tells, else its own",
           .positional = true},
          {.name = "label",
           .help = "where a picture's label is, as for `linnet train`: pictures that the list "
                   "does not name then keep theirs",
           .preset_note = "parent for a folder with one folder a class; else only the pictures "
                          "that the list names",
           .placeholder = "RULE"},
          {.name = "out",
           .kind = path,
           .help = "the new list of labels to write",
           .preset_note = "FILE_labels.csv beside it",
           .placeholder = "FILE"},
          {.name = "move",
           .kind = flag,
           .help = "move the files instead: relabelled ones into the folder of their new label, "
                   "deleted ones into PATH-trash",
           .preset = false},
          {.name = "new-labels",
           .kind = flag,
           .help = "allow labels that no picture has yet",
           .preset = false}};
}

// Whether every file lies in a folder of its label's name.
bool by_folder(const CleaningList& list) {
  return !list.rows.empty() &&
         std::all_of(list.rows.begin(), list.rows.end(), [](const CleaningRow& row) {
           return row.file.parent_path().filename() == row.label;
         });
}

/** Labels by name below the root, before anything is applied. */
using Labels = std::map<std::string, std::string>;

Labels labels_before(const Request& request, const CleaningList& list, Reporter& reporter) {
  Labels labels;
  const bool known = request.has("label");
  if (known || by_folder(list)) {
    const auto all = image_items(
        {.path = list.root, .label = known ? request.text("label") : std::string("parent")},
        reporter);
    for (const auto& file : all.files) {
      labels[name_below(file, list.root)] = all.label(file).text();
    }
  } else if (!request.flag("move")) {
    reporter.warn(
        "Only the pictures that the list names go into the new list of labels. --label RULE adds "
        "all others of the folder, with the labels that they have.");
  }
  for (const CleaningRow& row : list.rows) {
    const auto [before, fresh] = labels.emplace(row.name, row.label);
    if (fresh || before->second == row.label) continue;
    throw DataError("data apply", list.csv,
                    fmt::format("label: got '{}' for {}, which is labelled '{}' now. Make the list "
                                "anew.",
                                row.label, row.name, before->second),
                    row.line);
  }
  return labels;
}

std::set<std::string> label_set(const Labels& labels) {
  std::set<std::string> all;
  for (const auto& [name, label] : labels) all.insert(label);
  return all;
}

struct Counts {
  int64_t relabelled = 0;
  int64_t removed = 0;
};

Counts counts_of(const CleaningList& list) {
  Counts counts;
  for (const CleaningRow& row : list.rows) {
    if (row.action == CleaningAction::relabel) ++counts.relabelled;
    if (row.action == CleaningAction::remove) ++counts.removed;
  }
  return counts;
}

fs::path out_file(const Request& request, const CleaningList& list) {
  fs::path file = request.has("out")
                      ? request.path("out")
                      : list.csv.parent_path() / (list.csv.stem().string() + "_labels.csv");
  if (fs::exists(file)) {
    throw UsageError("data apply", fmt::format("{} is there already, and is left as it is. Give "
                                               "another file by --out.",
                                               file.string()));
  }
  return file;
}

Json write_labels(const Request& request, const CleaningList& list, Labels labels,
                  Reporter& reporter) {
  const auto file = out_file(request, list);
  for (const CleaningRow& row : list.rows) {
    if (row.action == CleaningAction::relabel) labels[row.name] = row.suggestion;
    if (row.action == CleaningAction::remove) labels.erase(row.name);
  }
  std::string text = csv_line({"path", "label"});
  for (const auto& [name, label] : labels) text += csv_line({name, label});
  write_atomically(file, text);
  reporter.note(fmt::format("{} pictures with their labels: {}", labels.size(), file.string()));
  reporter.note("No picture was touched. Train on the new labels:");
  reporter.note(fmt::format("  linnet train {} --label {}", shell_quoted(list.root.string()),
                            shell_quoted("csv:" + file.string())));
  return Json{{"labels", file.string()}, {"pictures", labels.size()}};
}

Json move_pictures(const CleaningList& list, Reporter& reporter) {
  const auto moves = plan_moves(list);
  move_files(moves);
  Json moved(Json::Array{});
  for (const FileMove& move : moves) {
    moved.push_back(Json{{"from", move.from.string()}, {"to", move.to.string()}});
  }
  reporter.note(fmt::format("{} files moved", moves.size()));
  return Json{{"moved", moved}, {"trash", trash_folder(list.root).string()}};
}

Json run_data_apply(const Request& request, Reporter& reporter) {
  const auto list = read_cleaning_list(request.path("file"),
                                       request.has("path") ? request.path("path") : fs::path());
  const Labels labels = labels_before(request, list, reporter);
  if (!request.flag("new-labels")) require_known_labels(list, label_set(labels));
  const Counts counts = counts_of(list);
  reporter.note(fmt::format("{} rows: {} relabelled, {} deleted", list.rows.size(),
                            counts.relabelled, counts.removed));
  Json result = request.flag("move") ? move_pictures(list, reporter)
                                     : write_labels(request, list, labels, reporter);
  result["relabelled"] = counts.relabelled;
  result["deleted"] = counts.removed;
  return result;
}

}  // namespace

const Registered<Job> data_apply_job{
    {.name = "data apply",
     .summary = "apply a list of corrected labels and deletions",
     .help =
         "The list is a CSV file with the columns path, label, suggestion and action: keep,\n"
         "relabel (the suggestion becomes the label) or delete. All of it is checked first; an\n"
         "error names the file and the row, and nothing is done then. Without --move the pictures\n"
         "stay as they are, and a new list of labels is written, to train on with --label\n"
         "csv:FILE. A label that no picture has is an error, lest a slip of the pen makes a "
         "class.\n\n"
         "Examples\n"
         "  linnet data apply clean.csv\n"
         "  linnet data apply clean.csv pets/images --label 'regex:^(.+)_[0-9]+' --out labels.csv\n"
         "  linnet data apply clean.csv photos --move",
     .fields = data_apply_fields,
     .run = run_data_apply}};

}  // namespace linnet
