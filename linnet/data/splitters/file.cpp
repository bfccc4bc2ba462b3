#include "linnet/data/splitters/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "linnet/core/error.h"
#include "linnet/data/splitters/entry.h"
#include "linnet/data/splitters/name.h"
#include "linnet/data/table.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFileWhere = "file_splitter";

Splitter from_list(const std::string& text) {
  std::unordered_set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    names.insert(std::move(line));
  }
  return func_splitter(
      [names](const fs::path& item) { return names.contains(item.filename().string()); });
}

// The sides in the order of the file, so that a training run on it repeats bit by bit.
SplitIndices from_table(const Table& table, const Items& items,
                        const FileSplitterOptions& options) {
  std::unordered_map<std::string, int64_t> positions;
  positions.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    positions.emplace(name_below(items[i], options.root), static_cast<int64_t>(i));
  }
  const TableColumn& paths = table["path"];
  const TableColumn& sides = table["split"];
  SplitIndices split;
  for (int64_t row = 0; row < table.rows(); ++row) {
    const auto side = sides.text(row);
    auto* to = side == "train"   ? &split.train
               : side == "valid" ? &split.valid
               : side == "test"  ? &split.test
                                 : nullptr;
    if (to == nullptr) {
      throw DataError(kFileWhere, table.path(),
                      fmt::format("got '{}', expected train, valid or test", side),
                      table.line(row));
    }
    const auto found = positions.find(std::string(paths.text(row)));
    if (found == positions.end()) continue;
    to->push_back(found->second);
    positions.erase(found);
  }
  if (positions.empty() || options.new_items == NewItems::leave_out) return split;
  std::vector<int64_t> left;
  for (const auto& [name, position] : positions) left.push_back(position);
  std::sort(left.begin(), left.end());
  if (options.new_items == NewItems::error) {
    throw items[static_cast<size_t>(left[0])].error(
        kFileWhere, fmt::format("is not in the split {} ({} such item(s)). Say what to do with new "
                                "items, or make a new split.",
                                table.path().string(), left.size()));
  }
  split.train.insert(split.train.end(), left.begin(), left.end());
  return split;
}

}  // namespace

Splitter file_splitter(const fs::path& file, const FileSplitterOptions& options) {
  const Json config{{"splitter", "file"}, {"file", file.string()}};
  const std::string text = file_text(file, kFileWhere);
  const bool is_table = text.starts_with("path,split\n") || text.starts_with("path,split\r\n");
  if (!is_table) {
    const Splitter rule = from_list(text);
    return {[rule](const Items& items) { return rule(items); }, config};
  }
  const auto table = std::make_shared<const Table>(CsvReader(text, {}, file));
  return {[table, options](const Items& items) { return from_table(*table, items, options); },
          config};
}

const Registered<SplitterEntry> file_splitter_entry{
    {"file", "file:FILE: a split that was saved",
     [](std::string_view file, const SplitterContext& context) {
       if (file.empty()) throw UsageError("split", "got 'file:', expected file:FILE");
       return file_splitter(std::filesystem::path(file), {.root = context.root});
     }}};

}  // namespace linnet
