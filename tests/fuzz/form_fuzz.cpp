// Any bytes as a form with the boundary "xyz", as a header's value, and as base64.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "linnet/core/markup.h"
#include "linnet/web/base64.h"
#include "linnet/web/http_error.h"
#include "linnet/web/media_type.h"
#include "linnet/web/multipart.h"

namespace {

using linnet::web::HttpError;

std::string form_in_pieces(std::string_view bytes, size_t piece) {
  linnet::web::MultipartReader reader("xyz", 8);
  try {
    for (size_t at = 0; at < bytes.size(); at += piece) reader.write(bytes.substr(at, piece));
    std::string text;
    for (const auto& part : reader.finish())
      text += part.name + "|" + part.file_name.value_or("") + "|" + part.content_type + "|" +
              part.content + "\n";
    return text;
  } catch (const HttpError& error) {
    return std::to_string(error.status());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = form_in_pieces(bytes, std::max<size_t>(size, 1));
  if (whole != form_in_pieces(bytes, 1) || whole != form_in_pieces(bytes, 5)) std::abort();
  try {
    linnet::web::parse_header_value(bytes);
  } catch (const HttpError&) {
  }
  try {
    const std::string decoded = linnet::web::base64_bytes(bytes);
    if (linnet::web::base64_bytes(linnet::base64(decoded)) != decoded) std::abort();
  } catch (const HttpError&) {
  }
  if (linnet::web::base64_bytes(linnet::base64(bytes)) != bytes) std::abort();
  return 0;
}
