#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::web {

/** One field of a form. */
struct FormPart {
  std::string name;
  std::optional<std::string> file_name = std::nullopt;  // of a file; never used as a path
  std::string content_type = {};                        // as stated; empty when it is not
  std::string content = {};
};

/** Reads a multipart/form-data body as it arrives.
 *
 *      MultipartReader reader("xyz", 64);
 *      reader.write(bytes); ...
 *      auto parts = reader.finish();
 *
 *  errors  HttpError 400 for a body of another form, 413 for more parts. How many bytes there may
 *          be is seen to by who writes.
 *  source  RFC 7578, RFC 2046 section 5.1
 */
class MultipartReader {
 public:
  /** `boundary` as the Content-Type gives it; `most_parts` from 1. */
  MultipartReader(const std::string& boundary, int64_t most_parts);

  void write(std::string_view bytes);
  /** The parts, in the body's order; HttpError 400 when the body ended too early. */
  std::vector<FormPart> finish();

 private:
  enum class State { preamble, after_boundary, part_head, content, epilogue };

  bool step();  // false: more bytes are needed
  bool read_content();
  bool read_after_boundary();
  bool read_part_head();
  void begin_part(std::string_view head);

  std::string delimiter_;  // "\r\n--boundary"
  int64_t most_parts_;
  State state_ = State::preamble;
  std::string pending_ = "\r\n";  // so that a boundary at the very beginning is found as any other
  std::vector<FormPart> parts_;
};

}  // namespace linnet::web
