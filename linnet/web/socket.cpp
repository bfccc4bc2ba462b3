#include "linnet/web/socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet::web {

namespace {

constexpr size_t kPiece = 64 * 1024;               // bytes read at once
constexpr double kLingerSeconds = 2;               // a client's time to take an early answer
constexpr size_t kLingerBytes = 64 * 1024 * 1024;  // and what it may go on sending meanwhile
constexpr int kBacklog = 512;                      // connections that wait to be taken

int milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  constexpr int64_t kMost = 3'600'000;
  return static_cast<int>(std::clamp<int64_t>(left, 0, kMost));
}

/** An address with its port, as the system takes it. */
struct SystemAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SystemAddress system_address(const std::string& text, int port) {
  SystemAddress address;
  sockaddr_in four{};
  sockaddr_in6 six{};
  if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(static_cast<uint16_t>(port));
    std::memcpy(&address.storage, &four, sizeof four);
    address.size = sizeof four;
  } else if (inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(static_cast<uint16_t>(port));
    std::memcpy(&address.storage, &six, sizeof six);
    address.size = sizeof six;
  } else {
    throw UsageError("serve", fmt::format("address: got '{}', expected numbers such as 127.0.0.1, "
                                          "0.0.0.0 or ::1",
                                          shown_text(text)));
  }
  return address;
}

void set_option(int descriptor, int level, int name) {
  const int on = 1;
  setsockopt(descriptor, level, name, &on, sizeof on);
}

}  // namespace

Deadline in_seconds(double seconds) {
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

Socket::~Socket() { close(descriptor_); }

bool Socket::wait(short events, Deadline deadline) const {
  while (true) {
    pollfd waiting{descriptor_, events, 0};
    const int ready = poll(&waiting, 1, milliseconds_until(deadline));
    if (ready > 0) return true;
    if (ready < 0 && errno == EINTR) continue;
    return false;
  }
}

Socket::Result Socket::read(std::string& bytes, Deadline deadline) const {
  std::array<char, kPiece> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    if (!wait(POLLIN, deadline)) return Result::late;
    const ssize_t got = recv(descriptor_, piece.data(), piece.size(), MSG_DONTWAIT);
    if (got > 0) {
      bytes.append(piece.data(), static_cast<size_t>(got));
      return Result::data;
    }
    if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    return Result::end;
  }
}

bool Socket::write(std::string_view bytes, Deadline deadline) const {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (!wait(POLLOUT, deadline)) return false;
  }
  return true;
}

void Socket::linger() const {
  shutdown(descriptor_, SHUT_WR);
  const Deadline deadline = in_seconds(kLingerSeconds);
  std::string ignored;
  size_t seen = 0;
  while (seen < kLingerBytes && read(ignored, deadline) == Result::data) {
    seen += ignored.size();
    ignored.clear();
  }
}

int listening_socket(const std::string& address, int port) {
  const SystemAddress where = system_address(address, port);
  const int descriptor = socket(where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor >= 0) {
    set_option(descriptor, SOL_SOCKET, SO_REUSEADDR);
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);  // what is accepted inherits it
    if (bind(descriptor, where.get(), where.size) == 0 && listen(descriptor, kBacklog) == 0)
      return descriptor;
  }
  const int reason = errno;
  if (descriptor >= 0) close(descriptor);
  const char* hint = reason == EADDRINUSE ? ". Another program listens there: give another --port"
                     : reason == EACCES   ? ". Ports below 1024 are for root: give another --port"
                                          : "";
  throw IoError("serve", fmt::format("cannot listen at {} port {}: {}{}", address, port,
                                     std::strerror(reason), hint));
}

int port_of(int descriptor) {
  SystemAddress address;
  address.size = sizeof address.storage;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address.storage), &address.size);
  // The port stands at the same place for both families.
  sockaddr_in four{};
  std::memcpy(&four, &address.storage, sizeof four);
  return ntohs(four.sin_port);
}

bool is_loopback(const std::string& address) {
  const SystemAddress where = system_address(address, 0);
  if (where.storage.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &where.storage, sizeof four);
    return (ntohl(four.sin_addr.s_addr) >> 24U) == 127;
  }
  sockaddr_in6 six{};
  std::memcpy(&six, &where.storage, sizeof six);
  return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

}  // namespace linnet::web
