#include "linnet/web/request_parser.h"

#include <gtest/gtest.h>

#include <optional>

namespace linnet::web {
namespace {

struct Parsed {
  RequestHead head;
  std::string body;
  std::string rest;
  bool is_done = false;
};

Parsed parse_in_pieces(std::string_view text, size_t piece, const ParserLimits& limits = {}) {
  Parsed parsed;
  RequestParser parser(limits);
  const auto sink = [&](std::string_view bytes) { parsed.body += bytes; };
  for (size_t at = 0; at < text.size(); at += piece) {
    parser.take(text.substr(at, piece), sink);
    if (parser.has_head()) parser.take({}, sink);
  }
  if (parser.has_head()) parsed.head = parser.head();
  parsed.is_done = parser.is_done();
  parsed.rest = parser.rest();
  return parsed;
}

void expect_refused(const std::string& text, int status, std::string_view says,
                    const ParserLimits& limits = {}) {
  for (const size_t piece : {size_t{1}, size_t{11}, text.size()}) {
    try {
      const auto parsed = parse_in_pieces(text, piece, limits);
      ADD_FAILURE() << "was taken: " << text.substr(0, 200);
    } catch (const HttpError& error) {
      EXPECT_EQ(error.status(), status) << error.what() << ": " << text.substr(0, 200);
      EXPECT_NE(std::string_view(error.what()).find(says), std::string_view::npos) << error.what();
    }
  }
}

TEST(RequestParser, ReadsTheSameHoweverTheBytesArrive) {
  const std::string text =
      "POST /predict?model=big%20cats&label=%C3%A4 HTTP/1.1\r\nHost: localhost:80\r\n"
      "Content-Type: text/plain\r\ncontent-length: 5\r\n\r\nhelloGET / HT";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    SCOPED_TRACE(piece);
    const auto parsed = parse_in_pieces(text, piece);
    EXPECT_TRUE(parsed.is_done);
    EXPECT_EQ(parsed.head.method, "POST");
    EXPECT_EQ(parsed.head.url.path, "/predict");
    EXPECT_EQ(*parsed.head.url.parameter("model"), "big cats");
    EXPECT_EQ(*parsed.head.url.parameter("label"), "\xC3\xA4");
    EXPECT_EQ(parsed.head.url.parameter("none"), nullptr);
    EXPECT_EQ(*parsed.head.header("content-type"), "text/plain");
    EXPECT_EQ(parsed.head.content_length, 5U);
    EXPECT_TRUE(parsed.head.keep_alive);
    EXPECT_EQ(parsed.body, "hello");
    EXPECT_EQ(parsed.rest, "GET / HT");
  }
  EXPECT_EQ(parse_in_pieces(text, text.size()).rest, "GET / HT");
}

TEST(RequestParser, ReadsChunks) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\nC;name=value\r\n world again\r\n0\r\nTrailer: x\r\n\r\n";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    const auto parsed = parse_in_pieces(text, piece);
    EXPECT_TRUE(parsed.is_done);
    EXPECT_FALSE(parsed.head.content_length);
    EXPECT_EQ(parsed.body, "hello world again");
  }
}

// An assertion of Beast's is wrong about these (found by request_fuzz).
TEST(RequestParser, ReadsALastChunkInPieces) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    const auto parsed = parse_in_pieces(text, piece);
    EXPECT_TRUE(parsed.is_done);
    EXPECT_EQ(parsed.body, "");
  }
}

TEST(RequestParser, KnowsWhenTheConnectionEnds) {
  EXPECT_TRUE(parse_in_pieces("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 5).head.keep_alive);
  EXPECT_FALSE(
      parse_in_pieces("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 5).head.keep_alive);
  EXPECT_FALSE(parse_in_pieces("GET / HTTP/1.0\r\nHost: x\r\n\r\n", 5).head.keep_alive);
}

TEST(RequestParser, RefusesWhatIsNoRequest) {
  expect_refused("hello\r\n\r\n", 400, "no HTTP request");
  EXPECT_EQ(parse_in_pieces("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 1).head.method, "GET");
  expect_refused("GET /\r\n\r\n", 400, "no HTTP request");
  expect_refused("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, "HTTP/1.1");
  expect_refused("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "slash");
  expect_refused("GET /?a=%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "escape");
  expect_refused(std::string("GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", 29), 400, "no HTTP request");
  expect_refused("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS\r\n\r\n", 400,
                 "no HTTP request");
}

// Two readings of where a request ends are what request smuggling is made of.
TEST(RequestParser, RefusesTwoLengths) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
  expect_refused(head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400, "no HTTP request");
  expect_refused(head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "no HTTP");
  expect_refused(head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400, "no HTTP");
  for (const char* coding : {"gzip", "gzip, chunked", "chunked, chunked", "chunked;a=b"})
    expect_refused(head + "Transfer-Encoding: " + coding + "\r\n\r\n", 501, "chunked");
  expect_refused(head + "Content-Length: -5\r\n\r\n", 400, "no HTTP request");
  expect_refused(head + "Content-Length: 5x\r\n\r\n", 400, "no HTTP request");
  for (const char* size : {"-5", "0x5", "ffffffffffffffffff", "z", ""})
    expect_refused(head + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\nhello\r\n0\r\n\r\n",
                   400, "no HTTP request");
}

TEST(RequestParser, KeepsItsLimits) {
  const ParserLimits limits{.head_bytes = 1000, .body_bytes = 100};
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
  expect_refused(head + "Content-Length: 2000000000\r\n\r\n", 413, "larger than 100 B", limits);
  expect_refused(head + "Transfer-Encoding: chunked\r\n\r\n80\r\n" + std::string(200, 'x'), 413,
                 "larger than 100 B", limits);
  expect_refused(head + "X: " + std::string(2000, 'x') + "\r\n\r\n", 431, "1000 bytes", limits);
  expect_refused(std::string(2000, 'x'), 431, "1000 bytes", limits);
  std::string fields = head;
  for (int i = 0; i < 60; ++i) fields += "A: " + std::string(30, 'x') + "\r\n";
  expect_refused(fields, 431, "1000 bytes", limits);  // each of them is short
  std::string many = head;
  for (int i = 0; i < 150; ++i) many += "A: b\r\n";
  expect_refused(many + "\r\n", 431, "100 headers");
  std::string crumbs = head + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 200; ++i) crumbs += "1;" + std::string(2000, 'x') + "\r\nx\r\n";
  expect_refused(crumbs, 400, "mostly headers");
  expect_refused(head + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(200'000, 'x'), 400,
                 "");
}

TEST(RequestParser, TellsAHeaderThatStandsThereTwice) {
  const auto parsed = parse_in_pieces("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 100);
  EXPECT_THROW(parsed.head.header("host"), HttpError);
}

}  // namespace
}  // namespace linnet::web
