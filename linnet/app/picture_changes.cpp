#include "linnet/app/picture_changes.h"

#include <fmt/format.h>

#include <vector>

#include "linnet/core/strings.h"

namespace linnet {

namespace {

struct Changes {
  std::string min_scale;  // "" or "1": whole pictures
  bool flip = false;
  bool augment = false;
};

std::string text_of(const Changes& changes) {
  std::vector<std::string> parts;
  if (!changes.min_scale.empty() && changes.min_scale != "1")
    parts.push_back(fmt::format("random parts of at least {} of the area", changes.min_scale));
  if (changes.flip) parts.emplace_back("half of them mirrored");
  if (changes.augment) parts.emplace_back("mirrored, turned, zoomed, warped and lit at random");
  return join(parts, ", ");
}

}  // namespace

std::string picture_changes(const Request& request) {
  const auto min_scale =
      request.knows("min-scale") ? fmt::format("{:g}", request.number("min-scale")) : std::string();
  return text_of({min_scale, request.flag("flip"), request.flag("augment")});
}

std::string picture_changes(const RunRecord& run) {
  return text_of(
      {run.value("min-scale"), run.value("flip") == "true", run.value("augment") == "true"});
}

std::string changes_in_plan(const Request& request) {
  const auto changes = picture_changes(request);
  return changes.empty() ? "" : "; in training " + changes;
}

}  // namespace linnet
