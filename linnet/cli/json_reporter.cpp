#include "linnet/cli/json_reporter.h"

#include <cstdio>

#include "linnet/core/console_reporter.h"
#include "linnet/core/output.h"

namespace linnet::cli {

void JsonReporter::note(std::string_view text) { print_line(stderr, text); }

void JsonReporter::warn(std::string_view text) {
  print_line(stderr, labelled("warning", text));
  event("warning", Json{{"message", text}});
}

void JsonReporter::event(std::string_view name, const Json& members) {
  Json line{{"event", name}};
  line.merge(members);
  print_line(stdout, line.dump());
}

}  // namespace linnet::cli
