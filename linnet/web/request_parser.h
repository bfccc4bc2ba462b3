#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "linnet/web/http_error.h"
#include "linnet/web/url.h"

namespace linnet::web {

/** What a request says before its body. */
struct RequestHead {
  std::string method;
  Url url;
  Headers headers;  // names in lower case, in their order
  std::optional<uint64_t> content_length;
  bool has_body = false;
  bool keep_alive = true;
  bool expects_continue = false;  // the client waits for a word before it sends the body

  /** The header of that name (in lower case); null when there is none. HttpError 400 when it stands
   * there twice: which one counts is what attacks are made of. */
  const std::string* header(std::string_view name) const;
};

struct ParserLimits {
  int64_t head_bytes = 16 * 1024;
  int64_t body_bytes = 32 * 1024 * 1024;
};

/** Reads one HTTP/1.1 request as it arrives. The grammar is Boost.Beast's.
 *
 *      RequestParser parser(limits);
 *      parser.take(bytes, sink);              // until has_head(); then the head may be judged
 *      while (!parser.is_done()) parser.take(more, sink);
 *
 *  errors  HttpError 400 for what is no request, or one whose length can be read in two ways; 413
 * for a longer body, told by its stated length before it comes; 431 for a longer head; 501 for an
 * unknown transfer coding; 505 for another version of HTTP. After one the connection is of no more
 * use. source  RFC 9112
 */
class RequestParser {
 public:
  using Sink = std::function<void(std::string_view)>;

  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  /** Gives pieces of the body to `sink`. Stops behind the head once, so that it can be judged: give
   * it an empty text then. */
  void take(std::string_view bytes, const Sink& sink);
  bool has_head() const { return head_.has_value(); }
  const RequestHead& head() const { return *head_; }
  bool is_done() const;
  /** Whether anything of a request has come. */
  bool has_begun() const;
  /** Bytes behind this request: the beginning of the next one. */
  std::string rest() const;

 private:
  struct State;
  bool read_head();
  bool read_body(const Sink& sink);

  std::unique_ptr<State> state_;
  std::optional<RequestHead> head_;
};

}  // namespace linnet::web
