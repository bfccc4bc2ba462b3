#pragma once

#include "linnet/core/reporter.h"

namespace linnet::cli {

/** Events as JSON lines on stdout, `{"event":NAME,...}`; notes and warnings on stderr. Tables and
 * bars are for people: what is in them comes as events too. */
class JsonReporter final : public Reporter {
 public:
  void note(std::string_view text) override;
  void warn(std::string_view text) override;
  void event(std::string_view name, const Json& members) override;
};

}  // namespace linnet::cli
