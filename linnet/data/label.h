#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/item.h"
#include "linnet/data/table_files.h"
#include "linnet/data/value.h"

namespace linnet {

/** How an item's label is found, by default a file's. A declarative rule is kept in a saved learner
 * and works again there; a C++ function is kept by its name only: such a learner predicts, and
 * labelling new files with it errs and says why.
 */
class LabelRule {
 public:
  using OfFile = std::function<Label(const std::filesystem::path&)>;
  using OfItem = std::function<Label(const Item&)>;

  /** A rule of the caller's own, on the whole path. */
  static LabelRule function(OfFile rule, std::string name = "function");
  /** One for items that are no files: rows of a table, say. */
  static LabelRule of_items(OfItem rule, std::string name = "function");

  /** The label; DataError that names the file when the rule does not match it. */
  Label operator()(const std::filesystem::path& path) const { return rule_(Item(path)); }
  Label operator()(const Item& item) const { return rule_(item); }
  const Json& config() const { return config_; }
  /** The files that it has a label for, each once, in their order; null when it is no table's but
   * works on any file. */
  const std::vector<std::filesystem::path>* files() const { return files_.get(); }
  /** A rule from its stored form or a command line's: see `parse_label_rule`. */
  static LabelRule from_config(const Json& config);

  LabelRule(OfFile rule, Json config,
            std::shared_ptr<const std::vector<std::filesystem::path>> files = nullptr)
      : rule_([rule = std::move(rule)](const Item& item) { return rule(item.path()); }),
        config_(std::move(config)),
        files_(std::move(files)) {}

 private:
  LabelRule(Json config, OfItem rule) : rule_(std::move(rule)), config_(std::move(config)) {}

  friend LabelRule labels_in(const LabelRule& rule, const std::string& delimiter);

  OfItem rule_;
  Json config_;
  std::shared_ptr<const std::vector<std::filesystem::path>> files_;
};

/** True when the file name begins with an upper-case letter: how Oxford-IIIT Pet names its cats. */
LabelRule name_case();

/** The name of the folder that holds the file. source  fastai 2.7 parent_label */
LabelRule parent_label();

enum class RegexPart { name, path };
/** Whether a pattern is searched anywhere, or has to begin where the text begins (Python's match).
 */
enum class RegexStart { anywhere, at_start };
/** The first group of a Perl-compatible regular expression, searched in the file's name or in its
 * path with `/`. UsageError when the pattern is none or has no group. source  fastai 2.7
 * RegexLabeller (libpcre2 reads Python's syntax)
 */
LabelRule regex_label(const std::string& pattern, RegexPart part = RegexPart::name,
                      RegexStart start = RegexStart::anywhere);

struct CsvLabelOptions {
  Columns label_column = 1;      // several give a list: {"x", "y"}
  std::string label_delim = "";  // when given, a cell holds several labels: "cat dog" by " "
  TableFilesOptions paths = {};
};
/** Labels from a CSV file with a header; its paths are relative to `root` (or to the CSV's own
 * folder when empty). Cells that are numbers give numbers, True and False give bools (see
 * ColReader). DataError for a file without a row, or with two rows that differ.
 */
LabelRule csv_label(const std::filesystem::path& csv, const std::filesystem::path& root = {},
                    const CsvLabelOptions& options = {});
/** The same from a table that was read already. */
LabelRule csv_label(const Table& table, const std::filesystem::path& root = {},
                    const CsvLabelOptions& options = {});

/** The several labels in the text that another rule gives: "cat,dog" by ",". */
LabelRule labels_in(const LabelRule& rule, const std::string& delimiter);

/** "name-case", "parent", "regex:PATTERN", "csv:FILE", "csv:FILE:COLUMN", "csv:FILE:COLUMN,COLUMN"
 * (several numbers) or "csv:FILE:COLUMN:DELIMITER" (several labels); UsageError for anything else.
 * `root` is the pictures' folder.
 */
LabelRule parse_label_rule(std::string_view text, const std::filesystem::path& root);

}  // namespace linnet
