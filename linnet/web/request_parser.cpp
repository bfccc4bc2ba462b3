#include "linnet/web/request_parser.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "linnet/core/strings.h"

namespace linnet::web {

namespace http = boost::beast::http;

namespace {

constexpr size_t kMostFields = 100;         // headers
constexpr size_t kMostFraming = 64 * 1024;  // bytes of chunk sizes beyond a body's own

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

[[noreturn]] void refuse(const boost::beast::error_code& error, const ParserLimits& limits) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    throw HttpError(431,
                    fmt::format("the request's head is longer than {} bytes", limits.head_bytes));
  }
  if (error == http::error::body_limit) {
    throw HttpError(413,
                    fmt::format("the request's body is larger than {}. Send a smaller picture, "
                                "or fewer at once.",
                                human_bytes(static_cast<double>(limits.body_bytes))));
  }
  if (error == http::error::bad_version) throw HttpError(505, "expected HTTP/1.1 or HTTP/1.0");
  throw HttpError(400, fmt::format("this is no HTTP request: {}", error.message()));
}

}  // namespace

const std::string* RequestHead::header(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& [key, value] : headers) {
    if (key != name) continue;
    if (found != nullptr)
      throw HttpError(400, fmt::format("the header {} stands there twice", name));
    found = &value;
  }
  return found;
}

struct RequestParser::State {
  explicit State(const ParserLimits& wanted) : limits(wanted) {
    parser.header_limit(static_cast<uint32_t>(limits.head_bytes));
    parser.body_limit(static_cast<uint64_t>(limits.body_bytes));
    parser.eager(false);
  }

  // Hands the parser what is there; returns how much of it was used.
  size_t put(boost::beast::error_code& error) {
    const size_t used =
        parser.put(boost::asio::buffer(pending.data() + begin, pending.size() - begin), error);
    begin += used;
    return used;
  }

  std::string_view waiting() const { return std::string_view(pending).substr(begin); }

  ParserLimits limits;
  http::request_parser<http::buffer_body> parser;
  std::string pending;  // what came and is not used yet, from `begin` on
  size_t begin = 0;
  bool has_begun = false;    // with more than an empty line
  size_t head = 0;           // bytes used of it so far
  size_t used_for_body = 0;  // chunk sizes included
  size_t body = 0;
};

RequestParser::RequestParser(const ParserLimits& limits)
    : state_(std::make_unique<State>(limits)) {}
RequestParser::~RequestParser() = default;

bool RequestParser::is_done() const { return has_head() && state_->parser.is_done(); }
bool RequestParser::has_begun() const { return state_->has_begun; }
std::string RequestParser::rest() const { return std::string(state_->waiting()); }

void RequestParser::take(std::string_view bytes, const Sink& sink) {
  state_->pending.erase(0, state_->begin);
  state_->begin = 0;
  state_->pending.append(bytes);
  if (!has_head()) {
    read_head();
    return;
  }
  while (!is_done() && read_body(sink)) {
  }
}

bool RequestParser::read_head() {
  // A line end before a request is what old clients send behind a form; RFC 9112, section 2.2.
  while (!state_->has_begun && state_->waiting().starts_with("\r\n")) state_->begin += 2;
  if (!state_->has_begun && (state_->waiting().empty() || state_->waiting() == "\r")) return false;
  state_->has_begun = true;
  boost::beast::error_code error;
  state_->head += state_->put(error);
  if (error && error != http::error::need_more) refuse(error, state_->limits);
  // The parser's own limit is one for what it has not used yet.
  const bool is_whole = !error && state_->parser.is_header_done();
  const size_t seen = state_->head + (is_whole ? 0 : state_->waiting().size());
  if (seen > static_cast<size_t>(state_->limits.head_bytes))
    refuse(make_error_code(http::error::header_limit), state_->limits);
  if (!is_whole) return false;

  const auto& message = state_->parser.get();
  if (message.version() != 11 && message.version() != 10)
    refuse(make_error_code(http::error::bad_version), state_->limits);
  RequestHead head;
  head.method = std::string(view(message.method_string()));
  for (const auto& field : message) {
    head.headers.emplace_back(to_lower(view(field.name_string())),
                              std::string(view(field.value())));
    if (head.headers.size() > kMostFields)
      throw HttpError(431, fmt::format("the request has more than {} headers", kMostFields));
  }
  const std::string* coding = head.header("transfer-encoding");
  if (coding != nullptr && to_lower(*coding) != "chunked")
    throw HttpError(501, "the only transfer coding that is understood is chunked");
  head.url = parse_url(view(message.target()));
  if (const auto length = state_->parser.content_length()) head.content_length = *length;
  head.has_body = !state_->parser.is_done();
  head.keep_alive = message.keep_alive();
  const std::string* expect = head.header("expect");
  head.expects_continue = expect != nullptr && to_lower(*expect) == "100-continue" && head.has_body;
  head_ = std::move(head);
  return true;
}

bool RequestParser::read_body(const Sink& sink) {
  std::array<char, 16 * 1024> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  auto& body = state_->parser.get().body();
  body.data = piece.data();
  body.size = piece.size();
  boost::beast::error_code error;
  const size_t used = state_->put(error);
  const size_t got = piece.size() - body.size;
  state_->used_for_body += used;
  state_->body += got;
  if (got > 0) sink(std::string_view(piece.data(), got));
  if (error && error != http::error::need_more && error != http::error::need_buffer)
    refuse(error, state_->limits);
  const size_t waiting = state_->waiting().size();
  const bool starving = used == 0 && got == 0;
  if (state_->used_for_body > 2 * state_->body + kMostFraming ||
      (starving && waiting > kMostFraming))
    throw HttpError(400, "the chunks of the body are mostly headers");
  return !starving && error != http::error::need_more;
}

}  // namespace linnet::web
