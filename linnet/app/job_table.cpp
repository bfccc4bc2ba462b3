#include "linnet/app/job_table.h"

#include <array>
#include <utility>

namespace linnet {

namespace {

constexpr std::array<std::pair<FieldKind, const char*>, 7> kKinds = {
    {{FieldKind::text, "text"},
     {FieldKind::integer, "integer"},
     {FieldKind::number, "number"},
     {FieldKind::flag, "flag"},
     {FieldKind::path, "path"},
     {FieldKind::list, "list"},
     {FieldKind::choice, "choice"}}};

const char* name_of(FieldKind kind) {
  for (const auto& [value, name] : kKinds) {
    if (value == kind) return name;
  }
  return "text";
}

FieldKind kind_of(const std::string& name) {
  for (const auto& [value, known] : kKinds) {
    if (name == known) return value;
  }
  return FieldKind::text;
}

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

std::optional<double> optional_number(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.as_double());
}

}  // namespace

Json to_json(const Field& field) {
  return Json{{"name", field.name},
              {"kind", name_of(field.kind)},
              {"help", field.help},
              {"preset", field.preset},
              {"preset_note", field.preset_note},
              {"placeholder", field.placeholder},
              {"choices", Json::array(field.choices)},
              {"min", number_or_null(field.min)},
              {"max", number_or_null(field.max)},
              {"open_range", field.open_range},
              {"positional", field.positional},
              {"repeated", field.repeated},
              {"required", field.required},
              {"required_unless", field.required_unless}};
}

Field field_from_json(const Json& json) {
  return {.name = json.at("name").as_string(),
          .kind = kind_of(json.at("kind").as_string()),
          .help = json.at("help").as_string(),
          .preset = json.at("preset"),
          .preset_note = json.at("preset_note").as_string(),
          .placeholder = json.at("placeholder").as_string(),
          .choices = json.at("choices").as_strings(),
          .min = optional_number(json.at("min")),
          .max = optional_number(json.at("max")),
          .open_range = json.at("open_range").as_bool(),
          .positional = json.at("positional").as_bool(),
          .repeated = json.at("repeated").as_bool(),
          .required = json.at("required").as_bool(),
          .required_unless = json.at("required_unless").as_string()};
}

Json job_table() {
  Json table(Json::Array{});
  for (const Job& job : registry<Job>().rows()) {
    Json fields(Json::Array{});
    for (const Field& field : job.fields()) fields.push_back(to_json(field));
    table.push_back(Json{{"name", job.name},
                         {"summary", job.summary},
                         {"help", job.help},
                         {"fields", std::move(fields)}});
  }
  return table;
}

void register_jobs(const Json& table, const std::function<Json(const Request&, Reporter&)>& run) {
  for (const Json& row : table.as_array()) {
    if (registry<Job>().find(row.at("name").as_string()) != nullptr) continue;
    std::vector<Field> fields;
    for (const Json& field : row.at("fields").as_array()) fields.push_back(field_from_json(field));
    registry<Job>().add({.name = row.at("name").as_string(),
                         .summary = row.at("summary").as_string(),
                         .help = row.at("help").as_string(),
                         .fields = [fields] { return fields; },
                         .run = run});
  }
}

}  // namespace linnet
