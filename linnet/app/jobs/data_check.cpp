#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/core/error.h"
#include "linnet/data/check_data.h"

namespace linnet {

namespace {

std::vector<Field> fields_of_check() {
  using enum FieldKind;
  return {{.name = "min-size",
           .kind = integer,
           .help = "pixels: a picture whose shorter side has fewer is told",
           .preset = 32,
           .min = 1},
          {.name = "exact-only",
           .kind = flag,
           .help = "look for the same files only, not for pictures that look the same",
           .preset = false},
          {.name = "most",
           .kind = integer,
           .help = "lines shown of each kind of finding; --json always gives all",
           .preset = 10,
           .min = 1}};
}

std::vector<Field> check_fields() {
  auto fields = image_data_fields();
  for (Field& field : fields_of_check()) fields.push_back(std::move(field));
  return fields;
}

void tell_counts(const DataReport& report, Reporter& reporter) {
  constexpr const char* kSides[] = {"train", "valid", "test", "all"};
  std::vector<std::string> sides;
  for (const char* side : kSides) {
    const bool used = std::any_of(report.counts.begin(), report.counts.end(),
                                  [side](const auto& row) { return row.second.contains(side); });
    if (used) sides.emplace_back(side);
  }
  if (sides.empty()) return;
  std::vector<std::string> columns = {"class"};
  columns.insert(columns.end(), sides.begin(), sides.end());
  reporter.table(columns);
  for (const auto& [label, counts] : report.counts) {
    Json row{{"class", label}};
    for (const auto& side : sides) {
      const auto found = counts.find(side);
      row[side] = found == counts.end() ? int64_t{0} : found->second;
    }
    reporter.row(row);
  }
}

void tell_findings(const DataReport& report, int64_t most, Reporter& reporter) {
  std::map<std::string, int64_t> told, all;
  for (const Finding& finding : report.findings) ++all[finding.kind];
  for (const Finding& finding : report.findings) {
    const int64_t shown = ++told[finding.kind];
    if (shown > most) continue;
    reporter.note(fmt::format("{:<8} {:<19} {}",
                              finding.level == Finding::Level::error ? "error" : "warning",
                              finding.kind, finding.text));
    if (shown == most && all[finding.kind] > most) {
      reporter.note(
          fmt::format("{:<8} {:<19} and {} more", "", finding.kind, all[finding.kind] - most));
    }
  }
}

Json run_check(const Request& request, Reporter& reporter) {
  const auto items = image_items(image_data_of(request), reporter);
  const auto report = check_data(items.files, {.root = request.path("path"),
                                               .label = items.label,
                                               .splitter = items.splitter,
                                               .min_size = request.integer("min-size"),
                                               .near = !request.flag("exact-only"),
                                               .reporter = &reporter});
  reporter.note(fmt::format(
      "{} pictures, {} can be read; {} to {} pixels wide (median {}), {} to {} high (median {})",
      report.pictures, report.readable, report.width.least, report.width.most, report.width.median,
      report.height.least, report.height.most, report.height.median));
  tell_counts(report, reporter);
  tell_findings(report, request.integer("most"), reporter);
  reporter.event("data_check", report.to_json());
  const auto warnings = static_cast<int64_t>(report.findings.size()) - report.errors();
  if (report.errors() > 0) {
    throw DataError("data check",
                    fmt::format("{} error(s) and {} warning(s) in {}", report.errors(), warnings,
                                request.path("path").string()));
  }
  reporter.note(fmt::format("No errors, {} warning(s).", warnings));
  return nullptr;
}

}  // namespace

const Registered<Job> data_check_job{
    {.name = "data check",
     .summary = "look for what is wrong with a folder of pictures before training on it",
     .help =
         "Reads every picture once. Errors (exit code 3): pictures that cannot be read or have\n"
         "no label, one picture under two labels, the same picture on both sides of the split\n"
         "(leakage), a class without pictures to train on. Warnings: pictures that are twice\n"
         "there or look the same, small ones, wrong extensions, imbalance, labels that differ\n"
         "in capitals only. Counts by class and side; all findings with --json.\n\n"
         "Examples\n"
         "  linnet data check photos\n"
         "  linnet data check scans --label csv:labels.csv --split group:regex:'^(p[0-9]+)_'\n"
         "  linnet data check photos --json > report.json",
     .fields = check_fields,
     .run = run_check}};

}  // namespace linnet
