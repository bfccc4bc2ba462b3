#include "linnet/web/access.h"

#include <gtest/gtest.h>

namespace linnet::web {
namespace {

RequestHead head_with(const std::string& method, Headers headers) {
  RequestHead head;
  head.method = method;
  head.headers = std::move(headers);
  return head;
}

template <class Check>
int status_of(Check check, const RequestHead& head, const AccessRules& rules) {
  try {
    check(head, rules);
    return 200;
  } catch (const HttpError& error) {
    return error.status();
  }
}

TEST(Access, AnswersUnderItsOwnNamesOnly) {
  const AccessRules rules{.hosts = {"localhost", "127.0.0.1", "::1"}};
  const auto status = [&](const std::string& host) {
    return status_of(check_host, head_with("GET", {{"host", host}}), rules);
  };
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:80", "[::1]"})
    EXPECT_EQ(status(host), 200) << host;
  for (const char* host : {"evil.example", "localhost.evil.example:8080", "",
                           "127.0.0.1.evil.example", "[::2]:80", "[::1"})
    EXPECT_EQ(status(host), std::string(host) == "[::1" ? 200 : 421) << host;
  EXPECT_EQ(status_of(check_host, head_with("GET", {}), rules), 400);
  EXPECT_EQ(status_of(check_host, head_with("GET", {{"host", "a"}, {"host", "b"}}), {}), 400);
  EXPECT_EQ(status_of(check_host, head_with("GET", {{"host", "any.example"}}), {}), 200);
}

TEST(Access, KnowsAddressesWithAndWithoutBrackets) {
  for (const auto& [host, name] :
       {std::pair("fd00::5", "fd00::5"), std::pair("::1", "::1"), std::pair("[FD00::5]", "fd00::5"),
        std::pair("[::1]:80", "::1"), std::pair("a:80", "a"), std::pair("", "")})
    EXPECT_EQ(host_name(host), name);
  const AccessRules rules{.hosts = {host_name("::1"), host_name("fd00::5")}};
  EXPECT_EQ(status_of(check_host, head_with("GET", {{"host", "[fd00::5]:8080"}}), rules), 200);
  EXPECT_EQ(status_of(check_host, head_with("GET", {{"host", ""}}), rules), 421);
  EXPECT_EQ(status_of(check_host, head_with("GET", {{"host", "fd00"}}), rules), 421);
}

TEST(Access, IsNotForPagesOfOtherSites) {
  const auto status = [&](Headers headers) {
    headers.emplace_back("host", "localhost:8080");
    return status_of(check_host, head_with("POST", std::move(headers)), {});
  };
  EXPECT_EQ(status({}), 200);  // no browser
  EXPECT_EQ(status({{"origin", "http://localhost:8080"}, {"sec-fetch-site", "same-origin"}}), 200);
  EXPECT_EQ(status({{"origin", "https://localhost:8080"}}), 200);  // a proxy speaks TLS for us
  EXPECT_EQ(status({{"origin", "http://localhost:9090"}}), 403);
  EXPECT_EQ(status({{"origin", "http://evil.example"}}), 403);
  EXPECT_EQ(status({{"origin", "null"}}), 403);
  EXPECT_EQ(status({{"sec-fetch-site", "cross-site"}}), 403);
}

TEST(Access, AsksForTheToken) {
  const AccessRules rules{.token = "0123456789abcdef"};
  const auto status = [&](const std::string& value) {
    return status_of(check_token, head_with("GET", {{"authorization", value}}), rules);
  };
  EXPECT_EQ(status("Bearer 0123456789abcdef"), 200);
  EXPECT_EQ(status("bearer  0123456789abcdef "), 200);
  for (const char* value : {"", "Bearer", "Bearer ", "Bearer 0123456789abcdeg", "0123456789abcdef",
                            "Basic 0123456789abcdef", "Bearer 0123456789abcdef0"})
    EXPECT_EQ(status(value), 401) << value;
  EXPECT_EQ(status_of(check_token, head_with("GET", {}), rules), 401);
  EXPECT_EQ(status_of(check_token, head_with("GET", {}), {}), 200);
}

TEST(Access, MakesTokensThatDiffer) {
  EXPECT_EQ(random_token().size(), 32U);
  EXPECT_NE(random_token(), random_token());
}

}  // namespace
}  // namespace linnet::web
