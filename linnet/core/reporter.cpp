#include "linnet/core/reporter.h"

namespace linnet {

void Reporter::table(const std::vector<std::string>&) {}
void Reporter::row(const Json&) {}
void Reporter::bar(const Progress&) {}
void Reporter::note(std::string_view) {}
void Reporter::warn(std::string_view) {}
void Reporter::event(std::string_view, const Json&) {}

Reporter& silent_reporter() {
  static Reporter reporter;
  return reporter;
}

}  // namespace linnet
