#include "linnet/web/inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/web/base64.h"
#include "linnet/web/http_error.h"

namespace linnet::web {

namespace {

constexpr const char* kInputsWhere = "input";

const Field* find_field(const std::vector<Field>& form, std::string_view name) {
  const auto at = std::find_if(form.begin(), form.end(),
                               [&](const Field& field) { return field.name == name; });
  return at == form.end() ? nullptr : &*at;
}

// The one file that the form has; null when there is none, or several.
const Field* only_file(const std::vector<Field>& form) {
  const Field* file = nullptr;
  for (const Field& field : form) {
    if (field.kind != FieldKind::path) continue;
    if (file != nullptr) return nullptr;
    file = &field;
  }
  return file;
}

[[noreturn]] void refuse_name(const std::vector<Field>& form, std::string_view name) {
  std::vector<std::string> names;
  for (const Field& field : form) names.push_back(field.name);
  throw UsageError(kInputsWhere, unknown_name("field", shown_text(name), names));
}

// In messages a field has its bare name, not that of an option.
Field shown_bare(Field field) {
  field.positional = true;
  return field;
}

void take_part(FormInput& input, FormPart part, const std::vector<Field>& form) {
  const Field* field = find_field(form, part.name);
  if (field == nullptr && part.file_name) field = only_file(form);
  if (field == nullptr) refuse_name(form, part.name);
  if (input.files.contains(field->name) || input.values.contains(field->name))
    throw UsageError(kInputsWhere, fmt::format("{}: got two, expected one", field->name));
  if (field->kind == FieldKind::path) {
    input.files[field->name] = std::move(part.content);
  } else if (!part.content.empty()) {  // a field that was left empty
    input.values[field->name] = field_value(shown_bare(*field), part.content, kInputsWhere);
  }
}

FormInput from_json(const Json& json, const std::vector<Field>& form) {
  if (!json.is_object())
    throw UsageError(kInputsWhere, "expected a JSON object whose members are the form's fields");
  FormInput input;
  for (const auto& [name, value] : json.as_object()) {
    const Field* field = find_field(form, name);
    if (field == nullptr) refuse_name(form, name);
    if (value.is_null()) continue;
    if (field->kind != FieldKind::path) {
      input.values[name] = checked_value(shown_bare(*field), value, kInputsWhere);
    } else if (value.is_string()) {
      input.files[name] = base64_bytes(value.as_string());
    } else {
      throw UsageError(kInputsWhere, fmt::format("{}: expected a text, the file in base64", name));
    }
  }
  return input;
}

FormInput from_file(std::string bytes, const std::vector<Field>& form) {
  const Field* file = only_file(form);
  if (file == nullptr) {
    throw HttpError(415,
                    "this model is asked with a form: send multipart/form-data or "
                    "application/json");
  }
  FormInput input;
  input.files[file->name] = std::move(bytes);
  return input;
}

FormInput finished(FormInput input, const std::vector<Field>& form) {
  for (const Field& field : form) {
    const auto file = input.files.find(field.name);
    const bool is_file = field.kind == FieldKind::path;
    const bool is_there = is_file ? file != input.files.end() && !file->second.empty()
                                  : input.values.contains(field.name);
    if (!is_there && field.required)
      throw UsageError(kInputsWhere, fmt::format("{} is missing: {}", field.name, field.help));
    if (!is_there && !is_file && !field.preset.is_null()) input.values[field.name] = field.preset;
  }
  return input;
}

void check_count(size_t count, int64_t most) {
  if (static_cast<int64_t>(count) <= most) return;
  throw HttpError(413, fmt::format("got {} inputs, expected {} at most", count, most));
}

template <class Make>
MaybeInput tried(Make make) {
  try {
    return {.input = make()};
  } catch (const UsageError&) {
    return {.error = std::current_exception()};
  } catch (const HttpError&) {
    return {.error = std::current_exception()};
  }
}

}  // namespace

FormInput input_of(RequestBody body, const std::vector<Field>& form) {
  if (body.file) return finished(from_file(std::move(*body.file), form), form);
  if (body.json) return finished(from_json(*body.json, form), form);
  FormInput input;
  for (FormPart& part : *body.form) take_part(input, std::move(part), form);
  return finished(std::move(input), form);
}

std::vector<MaybeInput> inputs_of(RequestBody body, const std::vector<Field>& form, int64_t most) {
  std::vector<MaybeInput> inputs;
  if (body.file) {
    inputs.push_back({.input = input_of(std::move(body), form)});
  } else if (body.json) {
    const Json* list = body.json->is_array() ? &*body.json : body.json->find("inputs");
    if (list == nullptr || !list->is_array())
      throw UsageError(kInputsWhere, "expected {\"inputs\": [...]}, an object for each of them");
    check_count(list->as_array().size(), most);
    for (const Json& one : list->as_array())
      inputs.push_back(tried([&] { return finished(from_json(one, form), form); }));
  } else {
    if (only_file(form) == nullptr) {
      throw HttpError(415,
                      "several inputs of this model are asked for with application/json: "
                      "{\"inputs\": [...]}");
    }
    check_count(body.form->size(), most);
    for (FormPart& part : *body.form) {
      inputs.push_back(tried([&] {
        FormInput input;
        take_part(input, std::move(part), form);
        return finished(std::move(input), form);
      }));
    }
  }
  if (inputs.empty()) throw UsageError(kInputsWhere, "got no inputs, expected one or more");
  return inputs;
}

}  // namespace linnet::web
