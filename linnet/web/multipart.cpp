#include "linnet/web/multipart.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/strings.h"
#include "linnet/web/http_error.h"
#include "linnet/web/media_type.h"

namespace linnet::web {

namespace {

constexpr size_t kMostHead = 4096;    // bytes of a part's headers
constexpr size_t kMostPadding = 256;  // white space after a boundary
constexpr size_t kMostBoundary = 70;  // RFC 2046

[[noreturn]] void refuse_form(std::string_view what) {
  throw HttpError(400, fmt::format("the form is broken: {}", what));
}

}  // namespace

MultipartReader::MultipartReader(const std::string& boundary, int64_t most_parts)
    : delimiter_("\r\n--" + boundary), most_parts_(most_parts) {
  if (boundary.empty() || boundary.size() > kMostBoundary)
    refuse_form("its boundary is missing or too long");
}

void MultipartReader::write(std::string_view bytes) {
  if (state_ == State::epilogue) return;  // what follows the last boundary means nothing
  pending_.append(bytes);
  while (step()) {
  }
}

std::vector<FormPart> MultipartReader::finish() {
  if (state_ != State::epilogue) refuse_form("it is cut off: the last boundary is missing");
  return std::move(parts_);
}

bool MultipartReader::step() {
  switch (state_) {
    case State::preamble:
    case State::content:
      return read_content();
    case State::after_boundary:
      return read_after_boundary();
    case State::part_head:
      return read_part_head();
    case State::epilogue:
      pending_.clear();
      return false;
  }
  return false;
}

// Up to the next boundary, whose beginning may be the end of what is there.
bool MultipartReader::read_content() {
  const size_t at = pending_.find(delimiter_);
  const bool found = at != std::string::npos;
  const size_t size =
      found ? at : pending_.size() - std::min(pending_.size(), delimiter_.size() - 1);
  if (state_ == State::content) parts_.back().content.append(pending_, 0, size);
  pending_.erase(0, found ? at + delimiter_.size() : size);
  if (found) state_ = State::after_boundary;
  return found;
}

bool MultipartReader::read_after_boundary() {
  if (pending_.starts_with("--")) {
    state_ = State::epilogue;
    return true;
  }
  const size_t end = pending_.find_first_not_of(" \t");
  if (end == std::string::npos || pending_.size() < end + 2) {
    if (pending_.size() > kMostPadding) refuse_form("there is no line end after a boundary");
    return false;
  }
  if (pending_.compare(end, 2, "\r\n") != 0) refuse_form("there is no line end after a boundary");
  pending_.erase(0, end);  // the line end stays: with it the empty line is found of no headers, too
  state_ = State::part_head;
  return true;
}

bool MultipartReader::read_part_head() {
  const size_t end = pending_.find("\r\n\r\n");
  if (std::min(end, pending_.size()) > kMostHead) refuse_form("the headers of a part are too long");
  if (end == std::string::npos) return false;
  begin_part(std::string_view(pending_).substr(0, end));
  pending_.erase(0, end + 4);
  state_ = State::content;
  return true;
}

void MultipartReader::begin_part(std::string_view head) {
  if (static_cast<int64_t>(parts_.size()) >= most_parts_) {
    throw HttpError(413, fmt::format("the form has more than {} parts", most_parts_));
  }
  FormPart part;
  bool has_name = false;
  while (!head.empty()) {
    head.remove_prefix(2);  // each line is led by its "\r\n"
    const size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) refuse_form("a header of a part has no colon");
    const std::string name = to_lower(trim(line.substr(0, colon)));
    const std::string_view value = trim(line.substr(colon + 1));
    if (name == "content-type") part.content_type = std::string(value);
    if (name != "content-disposition") continue;
    const HeaderValue disposition = parse_header_value(value);
    const std::string* field = disposition.parameter("name");
    if (has_name || disposition.value != "form-data" || field == nullptr)
      refuse_form("a part does not say which field it is");
    has_name = true;
    part.name = *field;
    if (const auto* file = disposition.parameter("filename")) part.file_name = *file;
  }
  if (!has_name) refuse_form("a part does not say which field it is");
  parts_.push_back(std::move(part));
}

}  // namespace linnet::web
