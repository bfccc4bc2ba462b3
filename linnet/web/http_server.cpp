#include "linnet/web/http_server.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "linnet/core/thread_pool.h"
#include "linnet/core/timer.h"
#include "linnet/web/socket.h"

namespace linnet::web {

namespace {

constexpr double kWriteSeconds = 30;  // a client's time to take its answer
constexpr double kRefuseSeconds = 1;  // and to take it when there is no room for its connection

}  // namespace

/** The open connections: how many, and which of them only wait for a next request. */
class Connections {
 public:
  explicit Connections(int64_t most) : most_(most) {}

  /** False when there is no room for another: all are busy. A waiting one is asked to make room. */
  bool add(int descriptor) {
    const std::lock_guard lock(mutex_);
    if (static_cast<int64_t>(waiting_.size()) >= most_) {
      const auto idle = std::find_if(waiting_.begin(), waiting_.end(),
                                     [](const auto& entry) { return entry.second; });
      if (idle == waiting_.end()) return false;
      hang_up(*idle);
    }
    waiting_.emplace(descriptor, false);
    return true;
  }
  void remove(int descriptor) {
    const std::lock_guard lock(mutex_);
    waiting_.erase(descriptor);
    if (waiting_.empty()) none_.notify_all();
  }
  void wait_for_none() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return waiting_.empty(); });
  }
  void wait(int descriptor) {
    const std::lock_guard lock(mutex_);
    auto& entry = *waiting_.find(descriptor);
    entry.second = true;
    if (stopping_) hang_up(entry);
  }
  void work(int descriptor) {
    const std::lock_guard lock(mutex_);
    waiting_.find(descriptor)->second = false;
  }
  bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& entry : waiting_) {
      if (entry.second) hang_up(entry);
    }
  }

 private:
  // Its thread reads the end and closes it, when it has answered what had come before.
  static void hang_up(std::pair<const int, bool>& entry) {
    shutdown(entry.first, SHUT_RD);
    entry.second = false;
  }

  int64_t most_;
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::map<int, bool> waiting_;  // by descriptor
  bool stopping_ = false;
};

namespace {

/** A connection's socket, and its place among the open ones for as long as it lives. */
class Connection {
 public:
  Connection(int descriptor, Connections& all)
      : socket_(descriptor), all_(&all), has_room_(all.add(descriptor)) {}
  ~Connection() {  // before the descriptor is closed and given to another connection
    if (has_room_) all_->remove(socket_.descriptor());
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const Socket& socket() const { return socket_; }
  bool has_room() const { return has_room_; }

 private:
  Socket socket_;
  Connections* all_;
  bool has_room_;
};

std::string text_of(const HttpResponse& response, const Headers& headers, bool close,
                    bool with_body) {
  std::string text =
      fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n", response.status,
                  status_text(response.status), response.content_type, response.body.size());
  for (const Headers* some : {&response.headers, &headers}) {
    for (const auto& [name, value] : *some) text += fmt::format("{}: {}\r\n", name, value);
  }
  text += close ? "Connection: close\r\n\r\n" : "\r\n";
  return with_body ? text + response.body : text;
}

/** What the server knows of a client that is being answered. */
struct Answered {
  bool keep = false;      // the connection may go on
  bool all_read = false;  // the request was read to its end
};

}  // namespace

HttpResponse problem_response(const HttpError& error) {
  return {.status = error.status(),
          .content_type = kProblemType,
          .body = problem_text(error.status(), error.what()),
          .headers = error.headers()};
}

class HttpServer::Work {
 public:
  Work(Handler handler, HttpServerOptions options)
      : handler_(std::move(handler)),
        options_(std::move(options)),
        connections_(options_.limits.connections),
        listener_(listening_socket(options_.address, options_.port)),
        wake_(eventfd(0, EFD_CLOEXEC)),
        pool_(options_.limits.connections + 1) {
    accepting_ = pool_.submit([this] { accept_all(); });
  }

  int port() const { return port_of(listener_.descriptor()); }

  void stop() {
    connections_.stop();
    const uint64_t one = 1;
    if (write(wake_.descriptor(), &one, sizeof one) < 0) return;  // cannot fail for an eventfd
    accepting_.wait();
    connections_.wait_for_none();
  }

 private:
  void accept_all();
  void take(int descriptor);
  void serve(const Socket& socket);
  void refuse_connection(const Socket& socket) const;
  Answered serve_one(const Socket& socket, std::string& rest);
  bool read_head(const Socket& socket, RequestParser& parser, const std::string& rest);
  void read_body(const Socket& socket, RequestParser& parser, Exchange& exchange) const;
  HttpResponse respond(const Socket& socket, RequestParser& parser) const;

  Handler handler_;
  HttpServerOptions options_;
  Connections connections_;
  Socket listener_;
  Socket wake_;      // readable when it is time to stop
  ThreadPool pool_;  // last: its threads use the others
  std::future<void> accepting_;
};

void HttpServer::Work::accept_all() {
  while (true) {
    std::array<pollfd, 2> waiting{
        {{listener_.descriptor(), POLLIN, 0}, {wake_.descriptor(), POLLIN, 0}}};
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    if (connections_.stopping()) return;
    if ((waiting[0].revents & POLLIN) == 0) continue;
    const int descriptor = accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) {
      // Out of descriptors: those that are open will end.
      if (errno == EMFILE || errno == ENFILE) poll(nullptr, 0, 10);
      continue;
    }
    try {
      take(descriptor);
    } catch (const std::exception&) {  // no memory, or on_served's: ends this connection only
    }
  }
}

void HttpServer::Work::take(int descriptor) {
  auto connection = std::make_shared<Connection>(descriptor, connections_);
  if (!connection->has_room()) return refuse_connection(connection->socket());
  pool_.submit([this, connection = std::move(connection)] { serve(connection->socket()); });
}

void HttpServer::Work::refuse_connection(const Socket& socket) const {
  const HttpError full(429,
                       fmt::format("all {} connections are taken. Try again in a moment.",
                                   options_.limits.connections),
                       {{"Retry-After", "1"}});
  socket.write(text_of(problem_response(full), options_.headers, true, true),
               in_seconds(kRefuseSeconds));
  shutdown(socket.descriptor(), SHUT_WR);
  if (options_.on_served) options_.on_served({.status = full.status()});
}

void HttpServer::Work::serve(const Socket& socket) {
  std::string rest;
  Answered answered{.keep = true};
  while (answered.keep) {
    connections_.wait(socket.descriptor());
    answered = serve_one(socket, rest);
  }
  if (!answered.all_read) socket.linger();
}

// False when the client went away, or sent nothing, before a request.
bool HttpServer::Work::read_head(const Socket& socket, RequestParser& parser,
                                 const std::string& rest) {
  const auto no_body = [](std::string_view) {};
  parser.take(rest, no_body);
  std::optional<Deadline> deadline;
  std::string bytes;
  while (!parser.has_head()) {
    if (parser.has_begun() && !deadline) {
      deadline = in_seconds(options_.limits.head_seconds);
      connections_.work(socket.descriptor());
    }
    bytes.clear();
    const auto result =
        socket.read(bytes, deadline.value_or(in_seconds(options_.limits.idle_seconds)));
    if (result == Socket::Result::data) {
      parser.take(bytes, no_body);
      continue;
    }
    if (!parser.has_begun()) return false;
    if (result == Socket::Result::late) {
      throw HttpError(408, fmt::format("the request's head was not there in {:g} seconds",
                                       options_.limits.head_seconds));
    }
    throw HttpError(400, "the request ended within its head");
  }
  return true;
}

void HttpServer::Work::read_body(const Socket& socket, RequestParser& parser,
                                 Exchange& exchange) const {
  const auto sink = [&](std::string_view piece) { exchange.body(piece); };
  const Deadline deadline = in_seconds(options_.limits.body_seconds);
  if (parser.head().expects_continue) socket.write("HTTP/1.1 100 Continue\r\n\r\n", deadline);
  parser.take({}, sink);
  std::string bytes;
  while (!parser.is_done()) {
    bytes.clear();
    const auto result = socket.read(bytes, deadline);
    if (result == Socket::Result::end)
      throw HttpError(400, "the request's body is cut off: it is shorter than its head says");
    // A client that sends a byte now and then is late, too.
    if (result == Socket::Result::late || Clock::now() > deadline) {
      throw HttpError(408, fmt::format("the request's body was not there in {:g} seconds",
                                       options_.limits.body_seconds));
    }
    parser.take(bytes, sink);
  }
}

HttpResponse HttpServer::Work::respond(const Socket& socket, RequestParser& parser) const {
  const auto exchange = handler_(parser.head());
  read_body(socket, parser, *exchange);
  return exchange->answer();
}

Answered HttpServer::Work::serve_one(const Socket& socket, std::string& rest) {
  RequestParser parser(
      {.head_bytes = options_.limits.head_bytes, .body_bytes = options_.limits.body_bytes});
  Served served;
  HttpResponse response;
  std::optional<double> began;
  try {
    if (!read_head(socket, parser, rest)) return {.all_read = true};
    began = seconds_now();
    connections_.work(socket.descriptor());
    served.method = parser.head().method;
    served.path = parser.head().url.path;
    response = respond(socket, parser);
  } catch (const HttpError& error) {
    response = problem_response(error);
  } catch (const std::exception& error) {
    served.failure = error.what();  // not the client's to read
    response = problem_response(HttpError(500, "the service failed at this request"));
  }
  Answered answered{.all_read = parser.is_done()};
  answered.keep = answered.all_read && parser.head().keep_alive && !connections_.stopping();
  served.status = response.status;
  served.seconds = began ? seconds_now() - *began : 0;
  // Before the answer goes out: who has it finds the request counted.
  if (options_.on_served) options_.on_served(served);
  const bool written =
      socket.write(text_of(response, options_.headers, !answered.keep, served.method != "HEAD"),
                   in_seconds(kWriteSeconds));
  if (answered.keep) rest = parser.rest();
  answered.keep = answered.keep && written;
  return answered;
}

HttpServer::HttpServer(Handler handler, HttpServerOptions options)
    : work_(std::make_unique<Work>(std::move(handler), std::move(options))) {}
HttpServer::~HttpServer() { stop(); }
int HttpServer::port() const { return work_->port(); }

void HttpServer::stop() {
  if (work_ == nullptr) return;
  work_->stop();
  work_.reset();
}

}  // namespace linnet::web
