#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/core/reporter.h"
#include "linnet/data/label.h"
#include "linnet/data/split.h"

namespace linnet {

struct CheckOptions {
  std::filesystem::path root = {};                // names in the report are relative to it
  std::optional<LabelRule> label = std::nullopt;  // without one nothing is said of labels
  Splitter splitter = nullptr;                    // without one nothing is said of sides
  int64_t min_size = 32;                          // pixels of the shorter side; fewer: too small
  double imbalance = 10;                          // the largest class over the smallest
  bool near = true;                               // look for pictures that look the same
  Reporter* reporter = &silent_reporter();        // told how far it is
};

/** Something about the data that somebody should look at. */
struct Finding {
  enum class Level { error, warning };
  /** unreadable, no_label, duplicate, near_duplicate, leakage, near_leakage, conflicting_labels,
   * too_small, wrong_extension, imbalance, case_of_labels, no_training_items, few_items. */
  std::string kind;
  Level level = Level::warning;
  std::string text;                // one line for people
  std::vector<std::string> files;  // that it is about, relative to the root
};

/** Smallest, middle and largest of a number that every picture has. */
struct Spread {
  int64_t least = 0, median = 0, most = 0;
};

struct DataReport {
  int64_t pictures = 0;
  int64_t readable = 0;
  Spread width, height;  // pixels, of those that can be read
  std::map<std::string, std::map<std::string, int64_t>> counts;  // by class, then by side
  std::vector<Finding> findings;                                 // errors first

  int64_t errors() const;
  Json to_json() const;
};

/** Looks at pictures, their labels and their split: every file is read and decoded once, on all
 * cores.
 *  An error is what stops a training run or makes its figures untrue: a picture that cannot be
 * read, one without a label, one file under two labels, the same file on both sides, a class
 * without training items. All else is a warning. errors  UsageError for options that cannot be;
 * what the splitter throws
 */
DataReport check_data(const std::vector<std::filesystem::path>& files,
                      const CheckOptions& options = {});

}  // namespace linnet
