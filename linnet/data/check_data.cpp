#include "linnet/data/check_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>

#include "linnet/core/error.h"
#include "linnet/core/parallel.h"
#include "linnet/core/strings.h"
#include "linnet/core/timer.h"
#include "linnet/data/check_findings.h"
#include "linnet/io/hash.h"
#include "linnet/media/decode.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

// "DataError" texts begin with "[where] path: "; the report names the path itself.
std::string reason_of(const std::string& text, const fs::path& file) {
  const auto at = text.find(file.string());
  if (at == std::string::npos) return text;
  auto rest = text.substr(at + file.string().size());
  while (rest.starts_with(':') || rest.starts_with(' ')) rest.erase(0, 1);
  return rest.empty() ? text : rest;
}

void look_at(detail::CheckedFile& seen, const fs::path& file, const CheckOptions& options) {
  if (options.label) {
    try {
      seen.label = (*options.label)(file);
    } catch (const DataError& e) {
      seen.label_error = e.what();
    }
  }
  try {
    const Image image = decode_image(file);
    seen.height = image.height();
    seen.width = image.width();
    if (options.near) seen.traits = traits_of(image);
    seen.format = detail::format_of(file);
    seen.hash = sha256_of_file(file);
  } catch (const Error& e) {
    seen.error = reason_of(e.what(), file);
  }
}

Spread spread_of(std::vector<int64_t> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {values.front(), values[values.size() / 2], values.back()};
}

Json spread_json(const Spread& spread) {
  return Json{{"least", spread.least}, {"median", spread.median}, {"most", spread.most}};
}

std::string_view text_of(Finding::Level level) {
  return level == Finding::Level::error ? "error" : "warning";
}

std::vector<detail::CheckedFile> look_at_all(const std::vector<fs::path>& files,
                                             const CheckOptions& options) {
  std::vector<detail::CheckedFile> seen(files.size());
  std::mutex mutex;
  int64_t done = 0;
  const double began = seconds_now();
  const auto n = static_cast<int64_t>(files.size());
  parallel_chunks(n, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto at = static_cast<size_t>(i);
      seen[at].name = name_below(files[at], options.root);
      look_at(seen[at], files[at], options);
    }
    const std::scoped_lock lock(mutex);
    done += end - begin;
    const double rate = static_cast<double>(done) / std::max(1e-9, seconds_now() - began);
    options.reporter->bar({.phase = "check",
                           .unit = "pictures",
                           .done = done,
                           .total = n,
                           .per_second = rate,
                           .seconds_left = static_cast<double>(n - done) / rate});
  });
  return seen;
}

void note_sides(std::vector<detail::CheckedFile>& seen, const std::vector<fs::path>& files,
                const Splitter& splitter) {
  if (!splitter) return;
  const auto split = splitter(files);
  const auto mark = [&](const std::vector<int64_t>& side, const char* name) {
    for (const int64_t i : side) seen[static_cast<size_t>(i)].side = name;
  };
  mark(split.train, "train");
  mark(split.valid, "valid");
  mark(split.test, "test");
}

}  // namespace

int64_t DataReport::errors() const {
  return std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == Finding::Level::error;
  });
}

Json DataReport::to_json() const {
  Json by_class = Json::object();
  for (const auto& [label, sides] : counts) {
    Json row = Json::object();
    for (const auto& [side, count] : sides) row[side] = count;
    by_class[label] = row;
  }
  Json list(Json::Array{});
  for (const Finding& finding : findings) {
    list.push_back(Json{{"kind", finding.kind},
                        {"level", text_of(finding.level)},
                        {"text", finding.text},
                        {"files", Json::array(finding.files)}});
  }
  return Json{{"pictures", pictures},
              {"readable", readable},
              {"width", spread_json(width)},
              {"height", spread_json(height)},
              {"counts", by_class},
              {"errors", errors()},
              {"warnings", static_cast<int64_t>(findings.size()) - errors()},
              {"findings", list}};
}

DataReport check_data(const std::vector<fs::path>& files, const CheckOptions& options) {
  if (options.min_size < 1 || !(options.imbalance >= 1)) {
    throw UsageError("check_data", fmt::format("got min_size {} and imbalance {}, expected 1 or "
                                               "more",
                                               options.min_size, options.imbalance));
  }
  auto seen = look_at_all(files, options);
  note_sides(seen, files, options.splitter);
  DataReport report;
  report.pictures = static_cast<int64_t>(files.size());
  std::vector<int64_t> widths, heights;
  for (const auto& file : seen) {
    if (file.label) {
      const auto side = file.side.empty() ? std::string("all") : file.side;
      for (const auto& name : detail::class_names(*file.label)) ++report.counts[name][side];
    }
    if (!file.error.empty()) continue;
    widths.push_back(file.width);
    heights.push_back(file.height);
  }
  report.readable = static_cast<int64_t>(widths.size());
  report.width = spread_of(std::move(widths));
  report.height = spread_of(std::move(heights));
  report.findings = detail::findings_in(seen, report.counts, options);
  return report;
}

}  // namespace linnet
