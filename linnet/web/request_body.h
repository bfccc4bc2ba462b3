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

/** Counts the values of JSON text as it arrives, without parsing it: what begins them are commas,
 * brackets and braces outside of texts. One is two bytes to send and a hundred to hold. */
class JsonValueCounter {
 public:
  void write(std::string_view bytes);
  /** At least as many as there are. */
  int64_t count() const { return count_; }

 private:
  int64_t count_ = 1;
  bool in_text_ = false;
  bool is_escaped_ = false;
};

/** Reads such a body as it arrives.
 *  errors  HttpError 415 for another kind of body; 400 for a broken one; 413 for too many parts, or
 *          more values in JSON than so many inputs have */
class BodyReader {
 public:
  /** `content_type` as the header has it; null when there is none. */
  BodyReader(const std::string* content_type, int64_t most_parts);

  void write(std::string_view bytes);
  /** Once; nothing of the body is kept here afterwards. */
  RequestBody finish();

 private:
  enum class Kind { form, json, file };
  Kind kind_ = Kind::file;
  std::optional<MultipartReader> form_;
  int64_t most_values_;
  JsonValueCounter values_;
  std::string bytes_;
};

}  // namespace linnet::web
