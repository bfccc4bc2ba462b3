#include "linnet/web/inputs.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/web/http_error.h"
#include "support/expect_error.h"

namespace linnet::web {
namespace {

const std::vector<Field>& picture_form() {
  static const std::vector<Field> form = {
      {.name = "picture", .kind = FieldKind::path, .help = "a picture", .required = true}};
  return form;
}

const std::vector<Field>& table_form() {
  static const std::vector<Field> form = {
      {.name = "age", .kind = FieldKind::number, .help = "years", .min = 0, .required = true},
      {.name = "sex", .kind = FieldKind::choice, .help = "", .choices = {"Female", "Male"}},
      {.name = "hours", .kind = FieldKind::integer, .help = "a week", .preset = 40}};
  return form;
}

RequestBody form_of(std::vector<FormPart> parts) { return {.form = std::move(parts)}; }
RequestBody json_of(const char* text) { return {.json = Json::parse(text)}; }

TEST(Inputs, TakeAPictureInAnyWay) {
  std::vector<FormInput> inputs;
  inputs.push_back(input_of({.file = "PNG"}, picture_form()));
  inputs.push_back(input_of(json_of(R"({"picture": "UE5H"})"), picture_form()));
  inputs.push_back(
      input_of(json_of(R"({"picture": "data:image/png;base64,UE5H"})"), picture_form()));
  inputs.push_back(input_of(form_of({{.name = "picture", .content = "PNG"}}), picture_form()));
  inputs.push_back(
      input_of(form_of({{.name = "file", .file_name = "../../etc/passwd", .content = "PNG"}}),
               picture_form()));
  for (const FormInput& input : inputs) {
    EXPECT_EQ(input.files.size(), 1U);
    EXPECT_EQ(input.files.at("picture"), "PNG");
  }
}

TEST(Inputs, TakeAFilledForm) {
  const FormInput from_form = input_of(
      form_of({{.name = "age", .content = "39"}, {.name = "sex", .content = ""}}), table_form());
  EXPECT_EQ(from_form.values, (Json{{"age", 39.0}, {"hours", 40}}));
  const FormInput from_json =
      input_of(json_of(R"({"age": 39, "sex": "Male", "hours": null})"), table_form());
  EXPECT_EQ(from_json.values, (Json{{"age", 39.0}, {"sex", "Male"}, {"hours", 40}}));
}

TEST(Inputs, SayWhatIsWrong) {
  const auto refused = [](RequestBody body, const std::vector<Field>& form,
                          std::initializer_list<std::string_view> parts) {
    test::expect_error<UsageError>([&] { input_of(std::move(body), form); }, parts);
  };
  refused(json_of("{}"), picture_form(), {"picture is missing: a picture"});
  refused({.file = ""}, picture_form(), {"picture is missing"});
  refused(json_of(R"({"pictures": "UE5H"})"), picture_form(),
          {"unknown field 'pictures'", "picture"});
  refused(json_of(R"({"picture": 3})"), picture_form(), {"picture: expected a text"});
  refused(json_of("[]"), picture_form(), {"expected a JSON object"});
  refused(json_of(R"({"age": -1})"), table_form(), {"AGE: got -1", "0 or more"});
  refused(json_of(R"({"age": 3, "sex": "X"})"), table_form(), {"SEX", "Female, Male"});
  refused(form_of({{.name = "age", .content = "old"}}), table_form(), {"AGE: got 'old'"});
  refused(form_of({{.name = "name", .content = "x"}}), table_form(), {"unknown field 'name'"});
  refused(form_of({{.name = "age", .content = "3"}, {.name = "age", .content = "4"}}), table_form(),
          {"age: got two, expected one"});
  refused(form_of({{.name = "picture", .content = "a"},
                   {.name = "file", .file_name = "b.png", .content = "b"}}),
          picture_form(), {"picture: got two, expected one"});
  EXPECT_THROW(input_of({.file = "PNG"}, table_form()), HttpError);
  EXPECT_THROW(input_of(json_of(R"({"picture": "!"})"), picture_form()), HttpError);
}

TEST(Inputs, TakeSeveral) {
  const auto files = inputs_of(form_of({{.name = "picture", .content = "a"},
                                        {.name = "picture", .content = ""},
                                        {.name = "picture", .content = "b"}}),
                               picture_form(), 3);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].input.files.at("picture"), "a");
  EXPECT_FALSE(files[0].error);
  EXPECT_TRUE(files[1].error);
  EXPECT_EQ(files[2].input.files.at("picture"), "b");
  const auto rows =
      inputs_of(json_of(R"({"inputs": [{"age": 1}, {"age": "x"}, 7]})"), table_form(), 3);
  EXPECT_FALSE(rows[0].error);
  EXPECT_TRUE(rows[1].error);
  EXPECT_TRUE(rows[2].error);
  EXPECT_EQ(inputs_of(json_of(R"([{"age": 1}])"), table_form(), 3).size(), 1U);
}

TEST(Inputs, TakeNotTooMany) {
  EXPECT_THROW(inputs_of(json_of(R"([{}, {}, {}, {}])"), table_form(), 3), HttpError);
  EXPECT_THROW(inputs_of(json_of("[]"), table_form(), 3), UsageError);
  EXPECT_THROW(inputs_of(json_of("{}"), table_form(), 3), UsageError);
  EXPECT_THROW(inputs_of(form_of({{.name = "age", .content = "3"}}), table_form(), 3), HttpError);
}

}  // namespace
}  // namespace linnet::web
