#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linnet/core/reporter.h"

namespace linnet::test {

/** Keeps all it is told. */
class RecordingReporter : public Reporter {
 public:
  void table(const std::vector<std::string>& columns) override { tables.push_back(columns); }
  void row(const Json& cells) override { rows.push_back(cells); }
  void bar(const Progress& progress) override { bars.push_back(progress); }
  void note(std::string_view text) override { notes.emplace_back(text); }
  void warn(std::string_view text) override { warnings.emplace_back(text); }
  void event(std::string_view name, const Json& members) override {
    events.emplace_back(name, members);
  }

  std::vector<std::vector<std::string>> tables;
  std::vector<Json> rows;
  std::vector<Progress> bars;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
  std::vector<std::pair<std::string, Json>> events;
};

}  // namespace linnet::test
