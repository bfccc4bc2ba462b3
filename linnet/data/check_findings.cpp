#include "linnet/data/check_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <unordered_map>

#include "linnet/core/strings.h"

namespace linnet::detail {

namespace {

using Level = Finding::Level;

/** Gathers findings. */
class Findings {
 public:
  void add(std::string kind, Level level, std::string text, std::vector<std::string> files = {}) {
    list_.push_back({std::move(kind), level, std::move(text), std::move(files)});
  }
  std::vector<Finding> sorted() && {
    std::stable_sort(list_.begin(), list_.end(),
                     [](const Finding& a, const Finding& b) { return a.level < b.level; });
    return std::move(list_);
  }

 private:
  std::vector<Finding> list_;
};

void look_at_files(const std::vector<CheckedFile>& files, const CheckOptions& options,
                   Findings& findings) {
  static const std::unordered_map<std::string, std::string> kFormats = {
      {".jpg", "jpeg"}, {".jpeg", "jpeg"}, {".jpe", "jpeg"}, {".jfif", "jpeg"}, {".png", "png"},
      {".gif", "gif"},  {".bmp", "bmp"},   {".tif", "tiff"}, {".tiff", "tiff"}, {".webp", "webp"}};
  for (const CheckedFile& file : files) {
    if (!file.error.empty()) {
      findings.add("unreadable", Level::error, fmt::format("{}: {}", file.name, file.error),
                   {file.name});
    }
    if (!file.label_error.empty()) {
      findings.add("no_label", Level::error,
                   fmt::format("{} has no label: {}", file.name, file.label_error), {file.name});
    }
    if (!file.error.empty()) continue;
    if (std::min(file.height, file.width) < options.min_size) {
      findings.add("too_small", Level::warning,
                   fmt::format("{} has {} x {} pixels, fewer than {} on its shorter side",
                               file.name, file.width, file.height, options.min_size),
                   {file.name});
    }
    const auto extension = to_lower(std::filesystem::path(file.name).extension().string());
    const auto expected = kFormats.find(extension);
    if (!file.format.empty() && expected != kFormats.end() && expected->second != file.format) {
      findings.add("wrong_extension", Level::warning,
                   fmt::format("{} is a {} file by its content", file.name, file.format),
                   {file.name});
    }
  }
}

std::string text_of(const std::optional<Label>& label) { return label ? label->text() : ""; }

std::string named(const CheckedFile& file) {
  std::string text = file.name;
  if (file.label) text += fmt::format(" ('{}'{}", file.label->text(), file.side.empty() ? ")" : "");
  if (!file.side.empty()) text += fmt::format("{}{})", file.label ? ", " : " (", file.side);
  return text;
}

// Files of one content: by what differs between them.
void look_at_same(const std::vector<const CheckedFile*>& same, Findings& findings) {
  std::set<std::string> labels, sides;
  std::vector<std::string> names, texts;
  for (const CheckedFile* file : same) {
    labels.insert(text_of(file->label));
    if (!file->side.empty()) sides.insert(file->side);
    names.push_back(file->name);
    texts.push_back(named(*file));
  }
  const auto all = join(texts, ", ");
  if (labels.size() > 1) {
    findings.add("conflicting_labels", Level::error, "one picture has several labels: " + all,
                 names);
  }
  if (sides.size() > 1) {
    findings.add("leakage", Level::error, "one picture is on several sides: " + all, names);
  }
  if (labels.size() == 1 && sides.size() <= 1) {
    findings.add("duplicate", Level::warning, "the same picture: " + all, names);
  }
}

void look_for_duplicates(const std::vector<CheckedFile>& files, Findings& findings) {
  std::unordered_map<std::string, std::vector<const CheckedFile*>> by_content;
  for (const CheckedFile& file : files) {
    if (file.error.empty()) by_content[file.hash].push_back(&file);
  }
  // In the order of the files, so that reports are the same every time.
  for (const CheckedFile& file : files) {
    const auto found = by_content.find(file.hash);
    if (found == by_content.end() || found->second.front() != &file) continue;
    if (found->second.size() > 1) look_at_same(found->second, findings);
  }
}

void look_for_near(const std::vector<CheckedFile>& files, Findings& findings) {
  std::vector<std::optional<PictureTraits>> traits;
  traits.reserve(files.size());
  for (const CheckedFile& file : files) traits.push_back(file.traits);
  for (const auto& [first, second] : near_pairs(traits)) {
    const auto& a = files[static_cast<size_t>(first)];
    const auto& b = files[static_cast<size_t>(second)];
    if (a.hash == b.hash) continue;  // told as the same
    const bool leaks = !a.side.empty() && !b.side.empty() && a.side != b.side;
    findings.add(
        leaks ? "near_leakage" : "near_duplicate", Level::warning,
        fmt::format("{}: {} and {}",
                    leaks ? "almost the same picture on two sides" : "almost the same picture",
                    named(a), named(b)),
        {a.name, b.name});
  }
}

int64_t total(const std::map<std::string, int64_t>& sides) {
  int64_t sum = 0;
  for (const auto& [side, count] : sides) sum += count;
  return sum;
}

void look_at_classes(const ClassCounts& counts, const CheckOptions& options, Findings& findings) {
  if (counts.empty()) return;
  const auto smaller = [](const auto& a, const auto& b) {
    return total(a.second) < total(b.second);
  };
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end(), smaller);
  const auto few = total(least->second), many = total(most->second);
  if (static_cast<double>(many) > options.imbalance * static_cast<double>(few)) {
    findings.add("imbalance", Level::warning,
                 fmt::format("class '{}' has {} pictures and '{}' has {}: {:.1f} times as many. "
                             "Accuracy alone says little then",
                             most->first, many, least->first, few,
                             static_cast<double>(many) / static_cast<double>(few)));
  }
  std::map<std::string, std::vector<std::string>> by_lower;
  for (const auto& [label, sides] : counts) by_lower[to_lower(label)].push_back(label);
  for (const auto& [lower, labels] : by_lower) {
    if (labels.size() < 2) continue;
    findings.add("case_of_labels", Level::warning,
                 fmt::format("labels differ in capitals only and are classes of their own: {}",
                             join(labels, ", ")));
  }
  for (const auto& [label, sides] : counts) {
    const auto on = [&sides = sides](const char* side) { return sides.contains(side); };
    if ((on("valid") || on("test")) && !on("train")) {
      findings.add("no_training_items", Level::error,
                   fmt::format("class '{}' has no picture to train on", label));
    }
    if (total(sides) < 5) {
      findings.add("few_items", Level::warning,
                   fmt::format("class '{}' has {} picture(s) only", label, total(sides)));
    }
  }
}

}  // namespace

std::string format_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head(16, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<size_t>(in.gcount()));
  if (head.starts_with("\xff\xd8\xff")) return "jpeg";
  if (head.starts_with("\x89PNG")) return "png";
  if (head.starts_with("GIF8")) return "gif";
  if (head.starts_with("BM")) return "bmp";
  if (head.starts_with("II*") || head.starts_with("MM")) return "tiff";
  if (head.starts_with("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP") return "webp";
  return "";
}

std::vector<std::string> class_names(const Label& label) {
  if (label.is_number()) return {};
  if (!label.is_list()) return {label.text()};
  std::vector<std::string> names;
  for (const Label& part : label.labels()) {
    if (part.is_text()) names.push_back(part.text());
  }
  return names;
}

std::vector<Finding> findings_in(const std::vector<CheckedFile>& files, const ClassCounts& counts,
                                 const CheckOptions& options) {
  Findings findings;
  look_at_files(files, options, findings);
  look_for_duplicates(files, findings);
  if (options.near) look_for_near(files, findings);
  look_at_classes(counts, options, findings);
  return std::move(findings).sorted();
}

}  // namespace linnet::detail
