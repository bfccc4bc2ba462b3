#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linnet::web {

/** A request's target, "/predict?model=pets&label=big%20cat", taken apart. */
struct Url {
  std::string path;  // as it stands, nothing decoded: it is only ever compared
  std::vector<std::pair<std::string, std::string>> query;  // decoded

  /** The query's value of that name; null when it has none. */
  const std::string* parameter(std::string_view name) const;
};

/** HttpError 400 for a target that does not begin with "/", or a broken escape in the query. */
Url parse_url(std::string_view target);

}  // namespace linnet::web
