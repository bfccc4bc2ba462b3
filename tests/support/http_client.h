#pragma once

#include <map>
#include <string>
#include <string_view>

#include "linnet/core/json.h"

namespace linnet::test {

/** An answer as it came; status 0 when there was none. */
struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};

  /** The body as JSON; fails the test when it is none. */
  Json json() const;
  /** "detail" of a problem document; fails the test when the body is none with this status. */
  std::string detail() const;
};

/** A connection to a server on 127.0.0.1 that sends what it is told, good or bad. */
class HttpClient {
 public:
  explicit HttpClient(int port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /** False when the other side has closed. */
  bool send(std::string_view bytes) const;
  /** Ends what is sent; answers can still be read. */
  void finish_sending() const;
  /** The next answer; waits for it for 20 seconds. `with_body` false: of a HEAD. */
  HttpReply read(bool with_body = true);
  /** Whether the other side closes within 20 seconds, without sending more. */
  bool is_closed();

 private:
  bool receive();
  int socket_;
  std::string pending_;
};

/** "POST /predict HTTP/1.1 ..." with a Host, these header lines ("Name: value\r\n") and the body
 * with its length. */
std::string http_request(const std::string& method, const std::string& target,
                         const std::string& headers = "", const std::string& body = "");

/** One request on a connection of its own. */
HttpReply http_get(int port, const std::string& target, const std::string& headers = "");
HttpReply http_post(int port, const std::string& target, const std::string& type,
                    const std::string& body, const std::string& headers = "");

/** A form's body with boundary "xyz": `name` or `name|file name` -> content. */
std::string form_body(const std::multimap<std::string, std::string>& parts);
inline constexpr const char* kFormType = "multipart/form-data; boundary=xyz";

}  // namespace linnet::test
