#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/reporter.h"

namespace linnet::test {

/** Keeps all it is told. */
class RecordingReporter : public Reporter {
 public:
  void bar(const Progress& progress) override { bars.push_back(progress); }
  void note(std::string_view text) override { notes.emplace_back(text); }
  void warn(std::string_view text) override { warnings.emplace_back(text); }

  std::vector<Progress> bars;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
};

}  // namespace linnet::test
