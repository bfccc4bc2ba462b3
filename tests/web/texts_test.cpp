// The small texts of HTTP: addresses, header values, base64, problems.
#include <gtest/gtest.h>

#include "linnet/core/json.h"
#include "linnet/core/markup.h"
#include "linnet/web/base64.h"
#include "linnet/web/http_error.h"
#include "linnet/web/media_type.h"
#include "linnet/web/request_body.h"
#include "linnet/web/url.h"

namespace linnet::web {
namespace {

template <class Action>
void expect_status(int status, Action action) {
  try {
    action();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const HttpError& error) {
    EXPECT_EQ(error.status(), status) << error.what();
  }
}

TEST(Base64, ReadsWhatItWrote) {
  for (const std::string& bytes :
       {std::string(), std::string("f"), std::string("fo"), std::string("foo"), std::string("foob"),
        std::string("\0\xff\x80\r\n", 5)}) {
    EXPECT_EQ(base64_bytes(base64(bytes)), bytes);
  }
  EXPECT_EQ(base64("foob"), "Zm9vYg==");  // RFC 4648, section 10
  EXPECT_EQ(base64_bytes("Zm9vYmE="), "fooba");
  EXPECT_EQ(base64_bytes("Zm9v\r\nYmE"), "fooba");  // folded, without padding
  EXPECT_EQ(base64_bytes("data:image/png;base64,Zm9v"), "foo");
}

TEST(Base64, RefusesOtherText) {
  for (const char* text : {"Zm9v!", "Zm9vY", "Zg=a", "Zg===", "Zm9v=", "=", "data:image/png,abc",
                           "data:nothing", "\xC3\xA4"})
    expect_status(400, [&] { base64_bytes(text); });
}

TEST(HeaderValue, IsTakenApart) {
  const auto type =
      parse_header_value("Multipart/Form-Data; Boundary=\"a b\\\"c\" ; charset=utf-8;");
  EXPECT_EQ(type.value, "multipart/form-data");
  EXPECT_EQ(*type.parameter("boundary"), "a b\"c");
  EXPECT_EQ(*type.parameter("charset"), "utf-8");
  EXPECT_EQ(type.parameter("name"), nullptr);
  for (const char* text :
       {"", ";", "a/b; c", "a/b; =c", "a/b; c=\"d", "a/b; c=1; c=2", "a/b; c=\"d\"e"})
    expect_status(400, [&] { parse_header_value(text); });
}

TEST(Url, IsTakenApart) {
  const Url url = parse_url("/a%2Fb/../c?x=1+2&y&z=%41%3d");
  EXPECT_EQ(url.path, "/a%2Fb/../c");  // compared as it is, so it leads nowhere
  EXPECT_EQ(*url.parameter("x"), "1 2");
  EXPECT_EQ(*url.parameter("y"), "");
  EXPECT_EQ(*url.parameter("z"), "A=");
  for (const char* target : {"", "*", "http://a/", "/?a=%4", "/?a=%g0"})
    expect_status(400, [&] { parse_url(target); });
}

TEST(Problem, IsADocument) {
  const Json problem = Json::parse(problem_text(422, "a \"bad\" picture"));
  EXPECT_EQ(problem.at("type").as_string(), "about:blank");
  EXPECT_EQ(problem.at("title").as_string(), "Unprocessable Content");
  EXPECT_EQ(problem.at("status").as_int(), 422);
  EXPECT_EQ(problem.at("detail").as_string(), "a \"bad\" picture");
}

TEST(BodyReader, KnowsThreeKindsOfBodies) {
  const std::string form = "multipart/form-data; boundary=xyz";
  BodyReader parts(&form, 3);
  parts.write("--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--xyz--");
  EXPECT_EQ(parts.finish().form->at(0).content, "1");
  const std::string json = "application/json; charset=utf-8";
  BodyReader object(&json, 3);
  object.write("{\"a\":");
  object.write("1}");
  EXPECT_EQ(object.finish().json->at("a").as_int(), 1);
  const std::string picture = "image/png";
  BodyReader file(&picture, 3);
  file.write("PNG");
  EXPECT_EQ(file.finish().file, "PNG");
}

TEST(BodyReader, CountsValuesOfJsonWhileTheyArrive) {
  const auto count = [](std::string_view text) {
    JsonValueCounter counter;
    for (const char c : text) counter.write(std::string_view(&c, 1));
    return counter.count();
  };
  EXPECT_EQ(count("7"), 1);
  EXPECT_EQ(count(R"([1, {"a": 2, "b": "[,\\\",{"}])"), 5);
  const std::string json = "application/json";
  BodyReader reader(&json, 2);
  reader.write("[0" + std::string(1000, ' '));
  expect_status(413, [&] {
    for (int i = 0; i < 10'000; ++i) reader.write(",0");
  });
  BodyReader text(&json, 2);  // a picture has any number of these
  text.write("{\"picture\": \"" + std::string(10'000, ',') + "\"}");
  EXPECT_EQ(text.finish().json->at("picture").as_string().size(), 10'000U);
}

TEST(BodyReader, RefusesOthers) {
  expect_status(415, [] { BodyReader(nullptr, 3); });
  for (const std::string& type :
       {std::string("text/html"), std::string("application/x-www-form-urlencoded")})
    expect_status(415, [&] { BodyReader(&type, 3); });
  const std::string json = "application/json";
  BodyReader object(&json, 3);
  object.write("{\"a\":");
  expect_status(400, [&] { object.finish(); });
  const std::string form = "multipart/form-data";
  expect_status(400, [&] { BodyReader(&form, 3); });  // without a boundary
}

}  // namespace
}  // namespace linnet::web
