#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "linnet/web/http_error.h"
#include "linnet/web/limits.h"
#include "linnet/web/request_parser.h"

namespace linnet::web {

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  Headers headers = {};
};

/** A request on its way: made from its head, fed with its body, then asked for the answer. An
 * HttpError is answered as it says; another exception is a fault of ours and answered with 500. */
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void body(std::string_view bytes) = 0;
  virtual HttpResponse answer() = 0;
};

/** One answered request, for counting. `method` and `path` are empty when the head was broken. */
struct Served {
  std::string method = {};
  std::string path = {};
  int status = 0;
  double seconds = 0;        // from the whole head until the answer is made; 0 when it was broken
  std::string failure = {};  // what was thrown, of an answer 500
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // an IPv4 or IPv6 address; nothing is looked up
  int port = 8080;                    // 0: any free one
  Limits limits = {};
  Headers headers = {};  // of every answer
  /** Called from many threads. What it throws ends the connection. */
  std::function<void(const Served&)> on_served = nullptr;
};

/** HTTP/1.1 over plain sockets, a thread for each open connection. What is parsed, and all limits
 * on heads and bodies, is RequestParser's; here are sockets, deadlines and the order of things.
 *
 *  A refused request gets its answer at once, whatever the client still sends, and the connection
 * is closed: what follows an unread body is never taken for a request.
 */
class HttpServer {
 public:
  /** Makes the exchange for a head, before the body is read. HttpError to refuse it. */
  using Handler = std::function<std::unique_ptr<Exchange>(const RequestHead&)>;

  /** Listens from here on. UsageError for an address that is none; IoError when it is taken. */
  HttpServer(Handler handler, HttpServerOptions options);
  /** As `stop`. */
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;
  /** Takes no more requests, and returns when those under way are answered. */
  void stop();

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

/** The answer that tells an error. */
HttpResponse problem_response(const HttpError& error);

}  // namespace linnet::web
