#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linnet::web {

/** A header's value with parameters: `multipart/form-data; boundary=x`,
 * `form-data; name="picture"; filename="cat.jpg"`. */
struct HeaderValue {
  std::string value;  // in lower case: "multipart/form-data"
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case

  /** The parameter of that name; null when there is none. */
  const std::string* parameter(std::string_view name) const;
};

/** Quoted parameters may hold `\"` and `\\`. HttpError 400 for anything that is not of that form.
 */
HeaderValue parse_header_value(std::string_view text);

}  // namespace linnet::web
