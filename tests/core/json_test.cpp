#include "linnet/core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

TEST(JsonParse, KeepsTypesAndOrder) {
  const Json json = Json::parse(
      R"({"z": [1, -2.5, true, null, "é\n"], "a": {"big": 18446744073709551615, "small": -9223372036854775808}, "e": []})");
  EXPECT_EQ(json.as_object()[0].first, "z");
  const auto& list = json.at("z").as_array();
  EXPECT_EQ(list[0].as_int(), 1);
  EXPECT_DOUBLE_EQ(list[1].as_double(), -2.5);
  EXPECT_TRUE(list[2].as_bool());
  EXPECT_TRUE(list[3].is_null());
  EXPECT_EQ(list[4].as_string(), "é\n");
  EXPECT_DOUBLE_EQ(json.at("a").at("big").as_double(), 18446744073709551615.0);
  EXPECT_EQ(json.at("a").at("small").as_int(), std::numeric_limits<int64_t>::min());
  EXPECT_TRUE(json.at("e").as_array().empty());
}

TEST(JsonParse, GivesBackWhatWasWritten) {
  const Json json{{"arch", "resnet34"},
                  {"size", 224},
                  {"lr", 0.1},
                  {"tfms", Json::Array{1, "two", nullptr, Json::object()}}};
  EXPECT_EQ(Json::parse(json.dump()), json);
  EXPECT_EQ(Json::parse(json.dump(2)), json);
  EXPECT_TRUE(Json::parse(Json(std::nan("")).dump()).is_null());
}

TEST(JsonParse, RefusesWhatIsNoJson) {
  for (const std::string_view text :
       {"", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"\xff\"", "{'a':1}"}) {
    expect_error<DataError>([&] { Json::parse(text); }, {"not JSON"});
  }
}

TEST(JsonParse, RefusesANameThatStandsTwice) {
  expect_error<DataError>([] { Json::parse(R"({"a": 1, "b": {"c": 1, "d": 2, "c": 3}})"); },
                          {"'c' stands twice"});
  EXPECT_EQ(Json::parse(R"([{"a": 1}, {"a": 2}])").as_array().size(), 2U);
}

TEST(JsonParse, BoundsDepthAndTime) {
  EXPECT_NO_THROW(Json::parse(std::string(150, '[') + std::string(150, ']')));
  expect_error<DataError>([] { Json::parse(std::string(10'000'000, '[')); },
                          {"nested more than 200 deep"});
  std::string many = "{";
  for (int i = 0; i < 100'000; ++i) many += "\"name" + std::to_string(i) + "\":1,";
  many.back() = '}';
  EXPECT_EQ(Json::parse(many).as_object().size(), 100'000U);
}

TEST(Json, SaysWhatStandsInPlaceOfAnotherType) {
  const Json json = Json::parse(R"({"n": "three"})");
  expect_error<DataError>([&] { json.at("n").as_int(); }, {"got a string, expected an integer"});
  expect_error<DataError>([&] { json.at("absent"); }, {"no member 'absent'"});
}

}  // namespace
}  // namespace linnet
