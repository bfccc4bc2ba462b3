#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linnet::web {

using Headers = std::vector<std::pair<std::string, std::string>>;

/** Why a request is not answered as it wished. The server makes a problem document of it. */
class HttpError : public std::runtime_error {
 public:
  /** `status` 400 to 599; `detail` one sentence for people; `headers` of the answer. */
  HttpError(int status, const std::string& detail, Headers headers = {})
      : std::runtime_error(detail), status_(status), headers_(std::move(headers)) {}

  int status() const { return status_; }
  const Headers& headers() const { return headers_; }

 private:
  int status_;
  Headers headers_;
};

/** "Not Found" for 404. */
std::string_view status_text(int status);

/** Such a document as JSON text: title, status and detail.
 *  source  RFC 9457 */
std::string problem_text(int status, std::string_view detail);
inline constexpr const char* kProblemType = "application/problem+json";

}  // namespace linnet::web
