#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/web/multipart.h"

namespace linnet::web {

/** A request's body, by how it was sent: exactly one of the three is there. */
struct RequestBody {
  std::optional<std::vector<FormPart>> form = std::nullopt;  // multipart/form-data
  std::optional<Json> json = std::nullopt;                   // application/json
  std::optional<std::string> file = std::nullopt;  // image/... or application/octet-stream
};

/** Reads such a body as it arrives.
 *  errors  HttpError 415 for another kind of body; 400 for a broken one; 413 for too many parts */
class BodyReader {
 public:
  /** `content_type` as the header has it; null when there is none. */
  BodyReader(const std::string* content_type, int64_t most_parts);

  void write(std::string_view bytes);
  RequestBody finish();

 private:
  enum class Kind { form, json, file };
  Kind kind_ = Kind::file;
  std::optional<MultipartReader> form_;
  std::string bytes_;
};

}  // namespace linnet::web
