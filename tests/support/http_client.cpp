#include "support/http_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "linnet/core/strings.h"

namespace linnet::test {

namespace {

constexpr int kPatience = 20'000;  // milliseconds

}  // namespace

Json HttpReply::json() const {
  try {
    return Json::parse(body);
  } catch (const std::exception& e) {
    ADD_FAILURE() << status << ": " << e.what() << ": " << body;
    return {};
  }
}

std::string HttpReply::detail() const {
  EXPECT_EQ(headers.count("content-type") > 0 ? headers.at("content-type") : "",
            "application/problem+json")
      << status << ' ' << body;
  const Json problem = json();
  if (!problem.is_object()) return {};
  EXPECT_EQ(problem.at("status").as_int(), status);
  return problem.at("detail").as_string();
}

HttpClient::HttpClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
}

HttpClient::~HttpClient() { close(socket_); }

bool HttpClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void HttpClient::finish_sending() const { shutdown(socket_, SHUT_WR); }

bool HttpClient::receive() {
  pollfd waiting{socket_, POLLIN, 0};
  if (poll(&waiting, 1, kPatience) <= 0) {
    ADD_FAILURE() << "no word from the server";
    return false;
  }
  std::array<char, 65536> buffer{};
  const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  pending_.append(buffer.data(), static_cast<size_t>(got));
  return true;
}

HttpReply HttpClient::read(bool with_body) {
  HttpReply reply;
  while (pending_.find("\r\n\r\n") == std::string::npos) {
    if (!receive()) return reply;
  }
  const size_t end = pending_.find("\r\n\r\n");
  const auto lines = split(pending_.substr(0, end), '\n');
  pending_.erase(0, end + 4);
  reply.status = std::stoi(lines[0].substr(9, 3));
  for (size_t i = 1; i < lines.size(); ++i) {
    const size_t colon = lines[i].find(':');
    reply.headers[to_lower(lines[i].substr(0, colon))] = trim(lines[i].substr(colon + 1));
  }
  const auto length = reply.headers.find("content-length");
  if (length == reply.headers.end() || !with_body) return reply;
  const size_t size = std::stoull(length->second);
  while (pending_.size() < size && receive()) {
  }
  EXPECT_GE(pending_.size(), size) << "the answer's body is cut off";
  reply.body = pending_.substr(0, size);
  pending_.erase(0, size);
  return reply;
}

bool HttpClient::is_closed() { return pending_.empty() && !receive(); }

std::string http_request(const std::string& method, const std::string& target,
                         const std::string& headers, const std::string& body) {
  const bool has_body = method == "POST" || !body.empty();
  return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
         (has_body ? "Content-Length: " + std::to_string(body.size()) + "\r\n" : "") + "\r\n" +
         body;
}

HttpReply http_get(int port, const std::string& target, const std::string& headers) {
  HttpClient client(port);
  client.send(http_request("GET", target, headers));
  return client.read();
}

HttpReply http_post(int port, const std::string& target, const std::string& type,
                    const std::string& body, const std::string& headers) {
  HttpClient client(port);
  client.send(http_request("POST", target, "Content-Type: " + type + "\r\n" + headers, body));
  return client.read();
}

std::string form_body(const std::multimap<std::string, std::string>& parts) {
  std::string body;
  for (const auto& [name, content] : parts) {
    const auto names = split(name, '|');
    body += "--xyz\r\nContent-Disposition: form-data; name=\"" + names[0] + "\"";
    if (names.size() > 1) body += "; filename=\"" + names[1] + "\"";
    body += "\r\n\r\n" + content + "\r\n";
  }
  return body + "--xyz--\r\n";
}

}  // namespace linnet::test
