#include "linnet/web/openapi.h"

#include <initializer_list>

#include "linnet/core/version.h"
#include "linnet/web/http_error.h"

namespace linnet::web {

namespace {

Json reference(const char* name) {
  return Json{{"$ref", std::string("#/components/schemas/") + name}};
}

Json content(const char* type, Json schema) {
  return Json{{type, Json{{"schema", std::move(schema)}}}};
}

Json answer(const char* says, Json body) {
  return Json{{"description", says}, {"content", std::move(body)}};
}

// How a field stands in JSON, and in a form.
Json field_schema(const Field& field, bool in_json) {
  Json schema = Json::object();
  switch (field.kind) {
    case FieldKind::integer:
      schema["type"] = "integer";
      break;
    case FieldKind::number:
      schema["type"] = "number";
      break;
    case FieldKind::flag:
      schema["type"] = "boolean";
      break;
    case FieldKind::path:
      schema["type"] = "string";
      schema[in_json ? "contentEncoding" : "format"] = in_json ? "base64" : "binary";
      break;
    case FieldKind::list:
      schema["type"] = "array";
      schema["items"] = Json{{"type", "string"}};
      break;
    case FieldKind::text:
    case FieldKind::choice:
      schema["type"] = "string";
      if (!field.choices.empty()) schema["enum"] = Json::array(field.choices);
      break;
  }
  const auto bound = [&](const std::optional<double>& value, const char* closed, const char* open) {
    if (value) schema[field.open_range ? open : closed] = *value;
  };
  bound(field.min, "minimum", "exclusiveMinimum");
  bound(field.max, "maximum", "exclusiveMaximum");
  if (!field.help.empty()) schema["description"] = field.help;
  return schema;
}

Json form_schema(const std::vector<Field>& form, bool in_json) {
  Json properties = Json::object();
  Json required(Json::Array{});
  for (const Field& field : form) {
    properties[field.name] = field_schema(field, in_json);
    if (field.required) required.push_back(field.name);
  }
  return Json{{"type", "object"}, {"properties", properties}, {"required", required}};
}

using Forms = std::vector<std::pair<std::string, std::vector<Field>>>;

Json any_of(const Forms& forms, bool in_json) {
  Json schemas(Json::Array{});
  for (const auto& [name, form] : forms) {
    Json schema{{"title", name}};
    schema.merge(form_schema(form, in_json));
    schemas.push_back(std::move(schema));
  }
  return Json{{"anyOf", schemas}};
}

Json body(const Forms& forms) {
  Json types = content("multipart/form-data", any_of(forms, false));
  types.merge(content("application/json", any_of(forms, true)));
  types.merge(content("application/octet-stream", Json{{"type", "string"}, {"format", "binary"}}));
  return Json{{"required", true}, {"content", types}};
}

Json batch_body(const Forms& forms) {
  const Json inputs{{"type", "array"}, {"items", any_of(forms, true)}};
  Json types = content("application/json", Json{{"type", "object"},
                                                {"properties", Json{{"inputs", inputs}}},
                                                {"required", Json(Json::Array{"inputs"})}});
  types.merge(content("multipart/form-data", Json{{"type", "object"}}));
  return Json{{"required", true}, {"content", types}};
}

Json model_parameter(const Forms& forms) {
  std::vector<std::string> names;
  for (const auto& form : forms) names.push_back(form.first);
  return Json{{"name", "model"},
              {"in", "query"},
              {"description", "which model answers"},
              {"schema",
               Json{{"type", "string"}, {"enum", Json::array(names)}, {"default", names.front()}}}};
}

/** Who may ask at an address. */
enum class Guard { none, token };

// Statuses that any request may be answered with: the server's own, and those of its host and head.
constexpr std::initializer_list<int> kAnywhere = {400, 408, 413, 421, 429, 431, 500, 501, 505};
// And those of a request with a body.
constexpr std::initializer_list<int> kOfBodies = {403, 404, 415, 422, 504};

void add_problems(Json& answers, std::initializer_list<int> statuses) {
  for (const int status : statuses) {
    answers[std::to_string(status)] = answer(std::string(status_text(status)).c_str(),
                                             content(kProblemType, reference("Problem")));
  }
}

Json answers_of(Json good, Guard guard) {
  Json answers{{"200", std::move(good)}};
  add_problems(answers, kAnywhere);
  if (guard == Guard::token) add_problems(answers, {401});
  return answers;
}

Json get(const char* summary, const char* type, Json schema, Guard guard) {
  return Json{
      {"get",
       Json{{"summary", summary},
            {"responses", answers_of(answer(summary, content(type, std::move(schema))), guard)}}}};
}

// An address that needs no token, whatever the others do.
Json open_get(const char* summary) {
  Json path = get(summary, "application/json", Json{{"type", "object"}}, Guard::none);
  path["get"]["security"] = Json(Json::Array{});
  return path;
}

/** A request with a body, as OpenAPI has it. */
struct Question {
  const char* summary;
  Json parameters;
  Json request;
  Json good;  // the answer
};

Json post(Question question, Guard guard) {
  Json answers = answers_of(std::move(question.good), guard);
  add_problems(answers, kOfBodies);
  return Json{{"post", Json{{"summary", question.summary},
                            {"parameters", std::move(question.parameters)},
                            {"requestBody", std::move(question.request)},
                            {"responses", std::move(answers)}}}};
}

Json schemas() {
  const Json text{{"type", "string"}};
  const Json number{{"type", "number"}};
  const Json numbers{{"type", "object"}, {"additionalProperties", number}};
  const auto items_with = [&](const char* figure) {
    const Json item{{"type", "object"}, {"properties", Json{{"item", text}, {figure, number}}}};
    return Json{{"type", "array"}, {"items", item}};
  };
  const Json prediction{
      {"type", "object"},
      {"properties",
       Json{{"model", text},
            {"label", Json{{"description",
                            "the answer: a label, a list of labels, or "
                            "numbers"}}},
            {"probability", number},
            {"probabilities", numbers},
            {"shares", numbers},
            {"recommendations", items_with("rating")},
            {"nearest", items_with("similarity")},
            {"unknown", Json{{"description", "fields whose value the model never saw"},
                             {"type", "array"},
                             {"items", text}}}}},
      {"required", Json(Json::Array{"model", "label"})}};
  const Json problem{{"type", "object"},
                     {"properties", Json{{"type", text},
                                         {"title", text},
                                         {"status", Json{{"type", "integer"}}},
                                         {"detail", text}}}};
  const Json in_its_place{{"type", "object"},
                          {"properties", Json{{"problem", reference("Problem")}}}};
  const Json answers{
      {"type", "array"},
      {"items", Json{{"anyOf", Json(Json::Array{reference("Prediction"), in_its_place})}}}};
  return Json{{"Prediction", prediction},
              {"Problem", problem},
              {"Predictions", Json{{"type", "object"},
                                   {"properties", Json{{"model", text}, {"answers", answers}}}}}};
}

}  // namespace

Json openapi(const Forms& forms, bool has_token) {
  const Json model = model_parameter(forms);
  const Json label{{"name", "label"},
                   {"in", "query"},
                   {"description", "what speaks for this label; else for the predicted one"},
                   {"schema", Json{{"type", "string"}}}};
  const Guard guard = has_token ? Guard::token : Guard::none;
  const Json object{{"type", "object"}};
  const Json text{{"type", "string"}};
  const Json picture = content("image/png", Json{{"type", "string"}, {"format", "binary"}});
  const Json one = content("application/json", reference("Prediction"));
  const Json several = content("application/json", reference("Predictions"));
  Json document{
      {"openapi", "3.1.0"},
      {"info", Json{{"title", "linnet serve"}, {"version", kVersion}}},
      {"paths", Json{{"/health", open_get("whether the service is up")},
                     {"/version", open_get("which linnet this is")},
                     {"/metrics", get("counters for Prometheus", "text/plain", text, guard)},
                     {"/openapi.json", get("this description", "application/json", object, guard)},
                     {"/models", get("the models, their forms and what is known of them",
                                     "application/json", object, guard)},
                     {"/predict", post({.summary = "one answer",
                                        .parameters = Json(Json::Array{model}),
                                        .request = body(forms),
                                        .good = answer("the answer", one)},
                                       guard)},
                     {"/predict/batch",
                      post({.summary = "several answers, a problem in the place of a bad input",
                            .parameters = Json(Json::Array{model}),
                            .request = batch_body(forms),
                            .good = answer("the answers", several)},
                           guard)},
                     {"/explain", post({.summary = "what in a picture speaks for a label",
                                        .parameters = Json(Json::Array{model, label}),
                                        .request = body(forms),
                                        .good = answer("the picture under colours", picture)},
                                       guard)}}},
      {"components", Json{{"schemas", schemas()}}}};
  if (has_token) {
    document["components"]["securitySchemes"] =
        Json{{"token", Json{{"type", "http"}, {"scheme", "bearer"}}}};
    document["security"] = Json(Json::Array{Json{{"token", Json(Json::Array{})}}});
  }
  return document;
}

}  // namespace linnet::web
