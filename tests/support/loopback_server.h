#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace linnet::test {

/** What a path of the test server answers. */
struct Reply {
  std::string body = {};
  int status = 200;
  std::string location = {};  // where a redirect leads
  bool ranges = true;         // whether it can continue in the middle
  int64_t cut_after = -1;     // >= 0: the connection breaks after that many bytes of the body ...
  int64_t cut_times = 1;      // ... that many times
};

/** An HTTP server on 127.0.0.1, one connection after another, for tests of downloads. */
class LoopbackServer {
 public:
  explicit LoopbackServer(std::map<std::string, Reply> replies);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /** "http://127.0.0.1:PORT" + path. */
  std::string url(const std::string& path = "") const;
  /** The heads of the requests so far: request line and headers. */
  std::vector<std::string> requests() const;

 private:
  void serve();
  void answer(int connection);

  std::map<std::string, Reply> replies_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

/** A port of 127.0.0.1 where nobody listens. */
int closed_port();

}  // namespace linnet::test
