#include "support/loopback_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace linnet::test {

namespace {

int bound_socket(int& port) {
  const int created = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(created, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(created, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port = ntohs(address.sin_port);
  return created;
}

std::string read_head(int connection) {
  std::string head;
  std::array<char, 4096> buffer{};
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = recv(connection, buffer.data(), buffer.size(), 0);
    if (got <= 0) return {};
    head.append(buffer.data(), static_cast<size_t>(got));
  }
  return head;
}

/** The first byte asked for; 0 without a Range header. */
size_t range_begin(const std::string& head) {
  const std::string_view field = "Range: bytes=";
  const size_t at = head.find(field);
  return at == std::string::npos ? 0 : std::stoull(head.substr(at + field.size()));
}

void send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace

LoopbackServer::LoopbackServer(std::map<std::string, Reply> replies)
    : replies_(std::move(replies)) {
  listener_ = bound_socket(port_);
  EXPECT_EQ(listen(listener_, 16), 0);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string LoopbackServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> LoopbackServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void LoopbackServer::serve() {
  while (true) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    answer(connection);
    close(connection);
  }
}

void LoopbackServer::answer(int connection) {
  const std::string head = read_head(connection);
  if (head.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(head);
  }
  const size_t begin_path = head.find(' ') + 1;
  const auto found =
      replies_.find(head.substr(begin_path, head.find(' ', begin_path) - begin_path));
  if (found == replies_.end())
    return send_all(connection,
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnone");
  Reply& reply = found->second;
  const size_t begin = reply.ranges ? range_begin(head) : 0;
  if (begin > 0 && begin >= reply.body.size()) {
    return send_all(
        connection,
        "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }
  std::string body = reply.body.substr(begin);
  std::string out =
      "HTTP/1.1 " + std::to_string(begin > 0 ? 206 : reply.status) +
      " Reply\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  if (begin > 0) {
    out += "Content-Range: bytes " + std::to_string(begin) + "-" +
           std::to_string(reply.body.size() - 1) + "/" + std::to_string(reply.body.size()) + "\r\n";
  }
  if (!reply.location.empty()) out += "Location: " + reply.location + "\r\n";
  if (reply.cut_after >= 0 && reply.cut_times-- > 0)
    body.resize(std::min(body.size(), static_cast<size_t>(reply.cut_after)));
  send_all(connection, out + "\r\n" + body);
}

int closed_port() {
  int port = 0;
  close(bound_socket(port));
  return port;
}

}  // namespace linnet::test
