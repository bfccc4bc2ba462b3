#include "linnet/data/splitters/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/col_reader.h"
#include "linnet/data/splitters/entry.h"

namespace linnet {

namespace fs = std::filesystem;

Splitter grandparent_splitter(const GrandparentOptions& options) {
  const auto rule = [options](const Items& items) {
    std::unordered_map<std::string, std::vector<int64_t>> by_folder;
    for (size_t i = 0; i < items.size(); ++i) {
      by_folder[items[i].path().parent_path().parent_path().filename().string()].push_back(
          static_cast<int64_t>(i));
    }
    const auto in = [&](const std::vector<std::string>& names) {
      std::vector<int64_t> side;
      for (const auto& name : names) {
        const auto& found = by_folder[name];
        side.insert(side.end(), found.begin(), found.end());
      }
      return side;
    };
    return SplitIndices{
        .train = in(options.train), .valid = in(options.valid), .test = in(options.test)};
  };
  return {rule, Json{{"splitter", "grandparent"},
                     {"train", Json::array(options.train)},
                     {"valid", Json::array(options.valid)},
                     {"test", Json::array(options.test)}}};
}

Splitter func_splitter(std::function<bool(const fs::path&)> is_valid) {
  return [is_valid = std::move(is_valid)](const Items& items) {
    SplitIndices split;
    for (size_t i = 0; i < items.size(); ++i) {
      (is_valid(items[i].path()) ? split.valid : split.train).push_back(static_cast<int64_t>(i));
    }
    return split;
  };
}

Splitter folder_splitter(const fs::path& root, const FolderOptions& options) {
  const auto rule = [root, options](const Items& items) {
    SplitIndices split;
    for (size_t i = 0; i < items.size(); ++i) {
      const auto name = name_below(items[i], root);
      const auto first = name.substr(0, name.find('/'));
      if (first == options.train) split.train.push_back(static_cast<int64_t>(i));
      if (first == options.valid) split.valid.push_back(static_cast<int64_t>(i));
      if (!options.test.empty() && first == options.test) {
        split.test.push_back(static_cast<int64_t>(i));
      }
    }
    return split;
  };
  return {rule, Json{{"splitter", "folder"},
                     {"train", options.train},
                     {"valid", options.valid},
                     {"test", options.test}}};
}

Splitter subfolder_splitter(const fs::path& root, const std::string& folder) {
  const auto rule = [folder, root](const Items& items) {
    auto split = func_splitter([prefix = folder + '/', root](const fs::path& item) {
      return name_below(item, root).starts_with(prefix);
    })(items);
    if (split.valid.empty()) {
      throw DataError("subfolder_splitter", root / folder, "no items are below this folder");
    }
    return split;
  };
  return {rule, Json{{"splitter", "subfolder"}, {"folder", folder}}};
}

namespace {

bool means_valid(const Label& value, const ColumnSplitterOptions& options, const fs::path& csv) {
  if (!options.on.empty()) {
    return std::find(options.on.begin(), options.on.end(), value) != options.on.end();
  }
  if (value.is_number()) return value.number() != 0;
  if (value.is_bool()) return value == Label(true);
  throw DataError("column_splitter", csv,
                  fmt::format("got '{}', expected true, false or a number. Name the value that "
                              "means validation.",
                              shown_text(value.text())));
}

Splitter parse_column(std::string_view arguments, const SplitterContext& context) {
  const auto parts = split(arguments, ':');
  if (parts.size() < 2 || parts.size() > 3) {
    throw UsageError(
        "split",
        fmt::format("got 'csv:{}', expected csv:FILE:COLUMN or csv:FILE:COLUMN:VALUE", arguments));
  }
  ColumnSplitterOptions options{.column = parts[1]};
  if (parts.size() == 3) options.on.emplace_back(parts[2]);
  return column_splitter(parts[0], context.root, options);
}

}  // namespace

Splitter column_splitter(const fs::path& csv, const fs::path& root,
                         const ColumnSplitterOptions& options) {
  return column_splitter(read_csv(csv, {.delimiter = options.paths.delimiter}), root, options);
}

Splitter column_splitter(const Table& table, const fs::path& root,
                         const ColumnSplitterOptions& options) {
  const auto rows = std::make_shared<const TableFiles>(table, root, options.paths);
  const ColReader value(table, options.column);
  const bool typed = options.on.empty() || !options.on[0].is_text();
  const auto is_valid = [=, csv = table.path()](const fs::path& item) {
    const Label cell = value(rows->row(item));
    // A value that is given as text means the cell's text, whatever the column's type.
    return means_valid(typed ? cell : Label(cell.text()), options, csv);
  };
  Json on(Json::Array{});
  for (const Label& label : options.on) on.push_back(label.to_json());
  return {[is_valid](const Items& items) { return func_splitter(is_valid)(items); },
          Json{{"splitter", "column"},
               {"file", table.path().string()},
               {"column", options.column.to_json()},
               {"on", on}}};
}

const Registered<SplitterEntry> grandparent_splitter_entry{
    {"grandparent", "grandparent: by the folders train and valid two levels up",
     [](std::string_view, const SplitterContext&) { return grandparent_splitter(); }}};

const Registered<SplitterEntry> column_splitter_entry{
    {"csv", "csv:FILE:COLUMN[:VALUE]: by a column that says who is held out", parse_column}};

}  // namespace linnet
