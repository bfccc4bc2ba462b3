#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "linnet/core/registry.h"
#include "linnet/data/label.h"
#include "linnet/data/split.h"

namespace linnet {

/** What a splitter's text may refer to. */
struct SplitterContext {
  std::filesystem::path root = {};  // the items' folder
  double valid_pct = 0.2;
  std::optional<uint64_t> seed = std::nullopt;
  std::optional<LabelRule> label = std::nullopt;  // for a stratified split
};

/** A splitter by its text on a command line, "NAME" or "NAME:ARGUMENTS". */
struct SplitterEntry {
  std::string_view name;
  std::string_view help;  // "group:RULE: no group on both sides"
  Splitter (*parse)(std::string_view arguments, const SplitterContext& context);
};
template <>
Registry<SplitterEntry>& registry<SplitterEntry>();

/** The splitter that `text` names: "random", "grandparent", "group:regex:^(\w+)_", "file:split.csv"
 * ... UsageError for a name that no row has, and for arguments that it cannot use.
 */
Splitter parse_splitter(std::string_view text, const SplitterContext& context = {});

}  // namespace linnet
