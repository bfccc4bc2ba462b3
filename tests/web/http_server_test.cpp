#include "linnet/web/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/core/thread_pool.h"
#include "linnet/core/timer.h"
#include "support/expect_error.h"
#include "support/http_client.h"
#include "support/loopback_server.h"

namespace linnet::web {
namespace {

using test::http_get;
using test::http_post;
using test::http_request;
using test::HttpClient;
using test::HttpReply;

void sleep_ms(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/** Answers a body with itself. "/slow" takes half a second, "/fail" throws, "/busy" is refused. */
class Echo final : public Exchange {
 public:
  explicit Echo(const RequestHead& head) : head_(head) {
    if (head.url.path == "/busy") throw HttpError(429, "busy", {{"Retry-After", "1"}});
  }
  void body(std::string_view bytes) override { text_ += bytes; }
  HttpResponse answer() override {
    if (head_.url.path == "/slow") sleep_ms(500);
    if (head_.url.path == "/fail") throw std::runtime_error("a secret of ours");
    return {.content_type = "text/plain", .body = head_.method + " " + text_};
  }

 private:
  RequestHead head_;
  std::string text_;
};

struct Serving {
  explicit Serving(const Limits& limits = {}, const std::string& address = "127.0.0.1")
      : server([](const RequestHead& head) { return std::make_unique<Echo>(head); },
               {.address = address,
                .port = 0,
                .limits = limits,
                .headers = {{"X-Always", "yes"}},
                .on_served = [this](const Served& one) {
                  const std::lock_guard lock(mutex);
                  served.push_back(one);
                }}) {}
  int port() const { return server.port(); }

  std::mutex mutex;
  std::vector<Served> served;
  HttpServer server;
};

Limits quick_limits() {
  Limits limits;
  limits.head_bytes = 2000;
  limits.body_bytes = 1000;
  limits.head_seconds = 0.3;
  limits.body_seconds = 0.4;
  limits.idle_seconds = 0.5;
  return limits;
}

TEST(HttpServer, AnswersAndTells) {
  Serving serving;
  const HttpReply reply = http_post(serving.port(), "/x?y=1", "text/plain", "hello");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "POST hello");
  EXPECT_EQ(reply.headers.at("content-type"), "text/plain");
  EXPECT_EQ(reply.headers.at("x-always"), "yes");
  EXPECT_EQ(reply.headers.count("connection"), 0U);
  serving.server.stop();
  ASSERT_EQ(serving.served.size(), 1U);
  EXPECT_EQ(serving.served[0].method, "POST");
  EXPECT_EQ(serving.served[0].path, "/x");
  EXPECT_EQ(serving.served[0].status, 200);
}

TEST(HttpServer, KeepsAConnectionForMoreRequests) {
  const Serving serving;
  HttpClient client(serving.port());
  for (int i = 0; i < 3; ++i) {
    client.send(http_request("POST", "/", "", std::to_string(i)));
    EXPECT_EQ(client.read().body, "POST " + std::to_string(i));
  }
  client.send(http_request("GET", "/", "") + http_request("POST", "/", "", "two") +
              "GET");  // at once
  EXPECT_EQ(client.read().body, "GET ");
  EXPECT_EQ(client.read().body, "POST two");
  client.send(" / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const HttpReply last = client.read();
  EXPECT_EQ(last.body, "GET ");
  EXPECT_EQ(last.headers.at("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpServer, LeavesTheBodyOutForHead) {
  const Serving serving;
  HttpClient client(serving.port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const HttpReply reply = client.read(false);
  EXPECT_EQ(reply.headers.at("content-length"), "5");
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpServer, LetsAClientWaitForItsWord) {
  const Serving serving;
  HttpClient client(serving.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.send("ab");
  EXPECT_EQ(client.read().body, "POST ab");
}

TEST(HttpServer, TellsItsOwnFaultsToItsPeopleOnly) {
  Serving serving;
  const HttpReply reply = http_get(serving.port(), "/fail");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.detail().find("secret"), std::string::npos);
  serving.server.stop();
  EXPECT_EQ(serving.served.at(0).failure, "a secret of ours");
}

TEST(HttpServer, RefusesBeforeTheBodyComes) {
  const Serving serving;
  HttpClient client(serving.port());
  client.send("POST /busy HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nbeginning");
  const HttpReply reply = client.read();
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.headers.at("retry-after"), "1");
  EXPECT_EQ(reply.headers.at("connection"), "close");
  // What the client still sends is no request.
  client.send(http_request("GET", "/"));
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpServer, RefusesTooMuchAtOnce) {
  const Serving serving(quick_limits());
  HttpClient huge(serving.port());
  huge.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n");
  EXPECT_EQ(huge.read().status, 413);
  HttpClient chunked(serving.port());
  chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
               std::string(2000, 'x'));
  EXPECT_EQ(chunked.read().status, 413);
  HttpClient long_head(serving.port());
  long_head.send("GET /" + std::string(5000, 'x'));
  EXPECT_EQ(long_head.read().status, 431);
  EXPECT_EQ(http_get(serving.port(), "/").status, 200);
}

TEST(HttpServer, RefusesWhoIsSlow) {
  const Serving serving(quick_limits());
  HttpClient head(serving.port()), body(serving.port()), drops(serving.port());
  head.send("GET / HTTP/1.1\r\nHo");
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
  EXPECT_NE(head.read().detail().find("head was not there in 0.3 seconds"), std::string::npos);
  EXPECT_NE(body.read().detail().find("body was not there in 0.4 seconds"), std::string::npos);
  // A byte now and then does not help.
  const double began = seconds_now();
  drops.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n");
  for (int i = 0; i < 20 && seconds_now() - began < 2; ++i) {
    drops.send("x");
    sleep_ms(50);
  }
  EXPECT_EQ(drops.read().status, 408);
}

TEST(HttpServer, ClosesConnectionsThatSayNothing) {
  const Serving serving(quick_limits());
  HttpClient client(serving.port());
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpServer, AnswersWhoBreaksOff) {
  const Serving serving;
  HttpClient body(serving.port()), head(serving.port());
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
  body.finish_sending();
  EXPECT_NE(body.read().detail().find("cut off"), std::string::npos);
  head.send("GET / HT");
  head.finish_sending();
  EXPECT_EQ(head.read().status, 400);
  {
    HttpClient gone(serving.port());
    gone.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
  }
  EXPECT_EQ(http_get(serving.port(), "/").status, 200);
}

TEST(HttpServer, MakesRoomForNewConnections) {
  Limits limits;
  limits.connections = 2;
  const Serving serving(limits);
  HttpClient first(serving.port()), second(serving.port());
  for (HttpClient* client : {&first, &second}) {
    client->send(http_request("GET", "/"));
    EXPECT_EQ(client->read().status, 200);
  }
  sleep_ms(50);  // both only wait now
  EXPECT_EQ(http_get(serving.port(), "/").status, 200);
  EXPECT_TRUE(first.is_closed() || second.is_closed());
}

TEST(HttpServer, RefusesConnectionsWhenAllAreBusy) {
  Limits limits;
  limits.connections = 2;
  const Serving serving(limits);
  HttpClient first(serving.port()), second(serving.port());
  first.send(http_request("GET", "/slow"));
  second.send(http_request("GET", "/slow"));
  sleep_ms(100);
  HttpClient third(serving.port());
  EXPECT_EQ(third.read().status, 429);
  EXPECT_EQ(first.read().status, 200);
  EXPECT_EQ(second.read().status, 200);
}

// A slot that is lost is one client fewer, and a server that cannot end.
TEST(HttpServer, LivesThroughACounterThatThrows) {
  Limits limits;
  limits.connections = 1;
  std::atomic<int> count = 0;
  std::atomic<bool> fails = true;
  HttpServer server([](const RequestHead& head) { return std::make_unique<Echo>(head); },
                    {.port = 0, .limits = limits, .on_served = [&](const Served&) {
                       ++count;
                       if (fails) throw std::runtime_error("cannot count");
                     }});
  for (int i = 0; i < 3; ++i) {
    HttpClient client(server.port());
    client.send(http_request("GET", "/"));
    EXPECT_TRUE(client.is_closed());
  }
  {
    HttpClient busy(server.port());
    busy.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
    sleep_ms(100);
    HttpClient refused(server.port());
    EXPECT_EQ(refused.read().status, 429);
  }
  sleep_ms(100);
  fails = false;
  EXPECT_EQ(http_get(server.port(), "/").status, 200);
  EXPECT_GE(count, 5);
  server.stop();
}

TEST(HttpServer, CountsNoWaitingForABrokenHead) {
  Serving serving;
  HttpClient client(serving.port());
  sleep_ms(300);
  client.send("hello\r\n\r\n");
  EXPECT_EQ(client.read().status, 400);
  serving.server.stop();
  ASSERT_EQ(serving.served.size(), 1U);
  EXPECT_EQ(serving.served[0].seconds, 0);
}

TEST(HttpServer, FinishesWhatIsUnderWay) {
  Serving serving;
  HttpClient busy(serving.port()), idle(serving.port());
  idle.send(http_request("GET", "/"));
  EXPECT_EQ(idle.read().status, 200);
  busy.send(http_request("GET", "/slow"));
  sleep_ms(100);
  const double began = seconds_now();
  serving.server.stop();
  EXPECT_LT(seconds_now() - began, 5);
  const HttpReply reply = busy.read();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("connection"), "close");
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(busy.is_closed());
}

TEST(HttpServer, AnswersManyAtOnce) {
  const Serving serving;
  std::atomic<int> good = 0;
  {
    ThreadPool clients(16);
    std::vector<std::future<void>> done;
    for (int c = 0; c < 16; ++c) {
      done.push_back(clients.submit([&, c] {
        HttpClient client(serving.port());
        for (int i = 0; i < 50; ++i) {
          const std::string text = std::to_string(c * 1000 + i);
          client.send(http_request("POST", "/", "", text));
          good += client.read().body == "POST " + text ? 1 : 0;
        }
      }));
    }
    for (auto& one : done) one.get();
  }
  EXPECT_EQ(good, 16 * 50);
}

TEST(HttpServer, TellsWhereItCannotListen) {
  test::expect_error<UsageError>([] { Serving({}, "localhost"); },
                                 {"address: got 'localhost', expected numbers"});
  const Serving serving;
  const auto handler = [](const RequestHead& head) { return std::make_unique<Echo>(head); };
  test::expect_error<IoError>([&] { HttpServer(handler, {.port = serving.port()}); },
                              {"cannot listen at 127.0.0.1 port", "give another --port"});
}

}  // namespace
}  // namespace linnet::web
