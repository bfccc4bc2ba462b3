// Any bytes as a request: its head, and its body as the form, JSON or file that the head says.
// However the bytes are cut into pieces, the outcome is the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "linnet/web/http_error.h"
#include "linnet/web/request_body.h"
#include "linnet/web/request_parser.h"

namespace {

using linnet::web::BodyReader;
using linnet::web::FormPart;
using linnet::web::HttpError;
using linnet::web::RequestBody;
using linnet::web::RequestParser;

std::string text_of(const RequestBody& body) {
  if (body.json) return "json " + body.json->dump();
  if (body.file) return "file " + *body.file;
  std::string text = "form";
  for (const FormPart& part : *body.form)
    text += " | " + part.name + " | " + part.file_name.value_or("") + " | " + part.content;
  return text;
}

// What became of it; begins with the status when it was refused.
std::string outcome(std::string_view bytes, size_t piece) {
  RequestParser parser({.head_bytes = 2000, .body_bytes = 20'000});
  std::optional<BodyReader> reader;
  try {
    for (size_t at = 0; at < bytes.size() && !(parser.has_head() && parser.is_done());
         at += piece) {
      const auto sink = [&](std::string_view some) { reader->write(some); };
      parser.take(bytes.substr(at, piece), sink);
      if (!parser.has_head()) continue;
      if (!reader) reader.emplace(parser.head().header("content-type"), 8);
      parser.take({}, sink);
    }
    if (!parser.has_head() || !parser.is_done()) return "cut off";
    return parser.head().method + " " + parser.head().url.path + " " + text_of(reader->finish());
  } catch (const HttpError& error) {
    return std::to_string(error.status());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = outcome(bytes, std::max<size_t>(size, 1));
  const std::string in_pieces = outcome(bytes, 1 + (size > 0 ? data[size - 1] % 7U : 0U));
  // A refusal may come sooner or for another reason that stands there too; whether it is taken, and
  // as what, is the same.
  const auto taken = [](const std::string& one) { return one.size() > 3 && one != "cut off"; };
  if ((taken(whole) || taken(in_pieces)) && whole != in_pieces) std::abort();
  return 0;
}
