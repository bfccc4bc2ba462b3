#include "linnet/web/openapi.h"

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

Json with_problems(Json good) {
  Json answers{{"200", std::move(good)}};
  for (const char* status : {"400", "401", "403", "404", "408", "413", "415", "421", "422", "429",
                             "431", "500", "504"}) {
    answers[status] = answer(std::string(status_text(std::stoi(status))).c_str(),
                             content(kProblemType, reference("Problem")));
  }
  return answers;
}

Json get(const char* summary, const char* type, Json schema) {
  return Json{{"get", Json{{"summary", summary},
                           {"responses",
                            Json{{"200", answer(summary, content(type, std::move(schema)))}}}}}};
}

Json post(const char* summary, Json parameters, Json request, Json good) {
  return Json{{"post", Json{{"summary", summary},
                            {"parameters", std::move(parameters)},
                            {"requestBody", std::move(request)},
                            {"responses", with_problems(std::move(good))}}}};
}

Json schemas() {
  const Json text{{"type", "string"}};
  const Json number{{"type", "number"}};
  const Json prediction{
      {"type", "object"},
      {"properties",
       Json{{"model", text},
            {"label", Json{{"description",
                            "the answer: a label, a list of labels, or "
                            "numbers"}}},
            {"probability", number},
            {"probabilities", Json{{"type", "object"}, {"additionalProperties", number}}}}},
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
  const Json object{{"type", "object"}};
  const Json text{{"type", "string"}};
  const Json picture = content("image/png", Json{{"type", "string"}, {"format", "binary"}});
  Json document{
      {"openapi", "3.1.0"},
      {"info", Json{{"title", "linnet serve"}, {"version", kVersion}}},
      {"paths",
       Json{{"/health", get("whether the service is up", "application/json", object)},
            {"/version", get("which linnet this is", "application/json", object)},
            {"/metrics", get("counters for Prometheus", "text/plain", text)},
            {"/models",
             get("the models, their forms and what is known of them", "application/json", object)},
            {"/predict",
             post("one answer", Json(Json::Array{model}), body(forms),
                  answer("the answer", content("application/json", reference("Prediction"))))},
            {"/predict/batch",
             post("several answers, a problem in the place of a bad input",
                  Json(Json::Array{model}), batch_body(forms),
                  answer("the answers", content("application/json", reference("Predictions"))))},
            {"/explain",
             post("what in a picture speaks for a label", Json(Json::Array{model, label}),
                  body(forms), answer("the picture under colours", picture))}}},
      {"components", Json{{"schemas", schemas()}}}};
  if (has_token) {
    document["components"]["securitySchemes"] =
        Json{{"token", Json{{"type", "http"}, {"scheme", "bearer"}}}};
    document["security"] = Json(Json::Array{Json{{"token", Json(Json::Array{})}}});
  }
  return document;
}

}  // namespace linnet::web
