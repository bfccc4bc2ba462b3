#include "linnet/data/mask_file.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFolder = "{folder}/";

// A pattern with each {word} replaced by what `word_for` gives for it.
template <class WordFor>
std::string filled(std::string_view pattern, const WordFor& word_for) {
  std::string text;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    const auto close = pattern.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    text += pattern.substr(0, open);
    text += word_for(pattern.substr(open + 1, close - open - 1));
    pattern.remove_prefix(close + 1);
  }
  return text.append(pattern);
}

void check(std::string_view pattern) {
  bool tells_apart = false;
  filled(pattern, [&](std::string_view word) {
    if (word != "stem" && word != "name") {
      throw UsageError("mask_file",
                       fmt::format("pattern: got {{{}}} in '{}', expected {{stem}} or {{name}}, or "
                                   "{{folder}}/ at its beginning",
                                   word, pattern));
    }
    tells_apart = true;
    return std::string();
  });
  if (tells_apart) return;
  throw UsageError(
      "mask_file",
      fmt::format("pattern: got '{}', which is one file for all pictures. Put {{stem}} "
                  "where the picture's name goes: 'labels/{{stem}}.png'.",
                  pattern));
}

}  // namespace

LabelRule mask_file(const std::string& pattern, const fs::path& root) {
  const bool folder_alone = !pattern.empty() && pattern.find('{') == std::string::npos &&
                            !fs::path(pattern).has_extension();
  const std::string whole = folder_alone ? (fs::path(pattern) / "{stem}.png").string() : pattern;
  const bool beside = whole.starts_with(kFolder);
  const std::string rest = beside ? whole.substr(kFolder.size()) : whole;
  check(rest);
  return {[root, beside, rest](const fs::path& path) -> Label {
            const auto name = filled(rest, [&path](std::string_view word) {
              return (word == "stem" ? path.stem() : path.filename()).string();
            });
            return ((beside ? path.parent_path() : root) / name).lexically_normal().string();
          },
          Json{{"rule", "mask-file"}, {"pattern", pattern}, {"root", root.string()}}};
}

std::vector<Label> read_codes(const fs::path& file) {
  if (!fs::exists(file)) throw DataError("read_codes", file, "there is no such file");
  std::vector<Label> codes;
  for (const auto& line : split(file_text(file, "read_codes"), '\n')) {
    if (const auto name = trim(line); !name.empty()) codes.emplace_back(std::string(name));
  }
  if (codes.empty()) throw DataError("read_codes", file, "names no class, expected one a line");
  return codes;
}

std::vector<fs::path> without_masks(const std::vector<fs::path>& files, const LabelRule& mask_of) {
  std::set<fs::path> masks;
  for (const auto& file : files) masks.insert(fs::path(mask_of(file).text()));
  std::vector<fs::path> pictures;
  for (const auto& file : files) {
    if (!masks.contains(file.lexically_normal())) pictures.push_back(file);
  }
  return pictures;
}

}  // namespace linnet
