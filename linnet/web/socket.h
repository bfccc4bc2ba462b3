#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace linnet::web {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

Deadline in_seconds(double seconds);

/** A connection's socket. Owned; closed with this object. Reading and writing wait until a deadline
 * at most. */
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  enum class Result { data, end, late };
  /** Adds what has come to `bytes`: at least one byte, or the end (also when the connection broke),
   * or nothing until the deadline. */
  Result read(std::string& bytes, Deadline deadline) const;
  /** False when it cannot be written in time, or nobody is there any more. */
  bool write(std::string_view bytes, Deadline deadline) const;
  /** For an answer that was given before all was read: what still comes is thrown away for a while,
   * or the client would lose the answer with the connection. */
  void linger() const;

  int descriptor() const { return descriptor_; }

 private:
  bool wait(short events, Deadline deadline) const;
  int descriptor_;
};

/** A socket that listens at a numeric address. UsageError, IoError as HttpServer. */
int listening_socket(const std::string& address, int port);
int port_of(int descriptor);
/** Whether only this machine can reach that address. UsageError when it is none. */
bool is_loopback(const std::string& address);

}  // namespace linnet::web
