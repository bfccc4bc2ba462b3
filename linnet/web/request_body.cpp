#include "linnet/web/request_body.h"

#include <fmt/format.h>

#include <utility>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/web/http_error.h"
#include "linnet/web/media_type.h"

namespace linnet::web {

namespace {

constexpr const char* kExpected =
    "expected multipart/form-data, application/json, or a picture's own bytes as image/jpeg, "
    "image/png or application/octet-stream";

constexpr int64_t kValuesOfAnInput = 1000;  // in JSON: a form's fields, with room for wide tables

}  // namespace

void JsonValueCounter::write(std::string_view bytes) {
  for (const char c : bytes) {
    if (in_text_) {
      in_text_ = is_escaped_ || c != '"';
      is_escaped_ = !is_escaped_ && c == '\\';
    } else if (c == '"') {
      in_text_ = true;
    } else if (c == ',' || c == '[' || c == '{') {
      ++count_;
    }
  }
}

BodyReader::BodyReader(const std::string* content_type, int64_t most_parts)
    : most_values_(most_parts * kValuesOfAnInput) {
  if (content_type == nullptr)
    throw HttpError(415, std::string("the body's Content-Type is missing: ") + kExpected);
  const HeaderValue type = parse_header_value(*content_type);
  if (type.value == "multipart/form-data") {
    kind_ = Kind::form;
    const std::string* boundary = type.parameter("boundary");
    form_.emplace(boundary != nullptr ? *boundary : std::string(), most_parts);
  } else if (type.value == "application/json") {
    kind_ = Kind::json;
  } else if (!type.value.starts_with("image/") && type.value != "application/octet-stream") {
    throw HttpError(415, "got a body of type '" + shown_text(type.value) + "', " + kExpected);
  }
}

void BodyReader::write(std::string_view bytes) {
  if (kind_ == Kind::form) {
    form_->write(bytes);
    return;
  }
  if (kind_ == Kind::json) values_.write(bytes);
  if (values_.count() > most_values_) {
    throw HttpError(413, fmt::format("the body has more than {} values in JSON", most_values_));
  }
  bytes_.append(bytes);
}

RequestBody BodyReader::finish() {
  if (kind_ == Kind::form) return {.form = form_->finish()};
  std::string bytes = std::exchange(bytes_, {});
  if (kind_ == Kind::file) return {.file = std::move(bytes)};
  try {
    return {.json = Json::parse(bytes)};
  } catch (const DataError& e) {
    throw HttpError(400, std::string("the body is not JSON: ") + e.what());
  }
}

}  // namespace linnet::web
