#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/model_file.h"
#include "linnet/app/model_use.h"
#include "linnet/core/error.h"
#include "linnet/train/learner_file.h"

namespace linnet {

namespace {

bool has_field(const std::vector<Field>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const Field& field) { return field.name == name; });
}

// One that several kinds have is one field, whose help says what it means for each.
void add_field(std::vector<Field>& fields, Field field) {
  const auto same = std::find_if(fields.begin(), fields.end(),
                                 [&](const Field& other) { return other.name == field.name; });
  if (same == fields.end())
    fields.push_back(std::move(field));
  else if (same->help != field.help)
    same->help += "; " + field.help;
}

std::string inputs_help() {
  std::string help;
  for (const ModelUse& use : registry<ModelUse>().rows())
    help += (help.empty() ? "" : "; ") + std::string(use.takes);
  return help;
}

std::vector<Field> common_fields() {
  using enum FieldKind;
  return {model_field(),
          {.name = "input",
           .kind = path,
           .help = inputs_help(),
           .positional = true,
           .repeated = true,
           .required = true}};
}

std::vector<Field> predict_fields() {
  auto fields = common_fields();
  for (const ModelUse& use : registry<ModelUse>().rows()) {
    for (Field& field : use.predict_fields()) add_field(fields, std::move(field));
  }
  return fields;
}

void refuse_fields_of_others(const Request& request, const ModelUse& use) {
  const auto common = common_fields(), own = use.predict_fields();
  for (const auto& [name, value] : request.values().as_object()) {
    if (!request.is_given(name) || has_field(common, name) || has_field(own, name)) continue;
    throw UsageError("predict",
                     fmt::format("--{} is not for this kind of model ({})", name, use.name));
  }
}

Json run_predict(const Request& request, Reporter& reporter) {
  const Learner learn = load_learner(model_file(request.path("model"), "predict"));
  const ModelUse& use = use_of(learn, "predict");
  refuse_fields_of_others(request, use);
  use.predict(learn, request, reporter);
  return nullptr;
}

}  // namespace

const Registered<Job> predict_job{
    {.name = "predict",
     .summary = "use a trained model: say what is on pictures",
     .help = "One line a picture: its path, the likeliest label and how likely the model holds it "
             "to be.\nA picture that cannot be read has a line that says so; the others are "
             "predicted, and the\nexit code is 3 at the end. With --json a line a picture:\n"
             "  {\"path\":...,\"label\":...,\"probability\":...,\"probabilities\":{LABEL:...}}\n\n"
             "Examples\n"
             "  linnet predict runs/pets-resnet34 cat.jpg\n"
             "  linnet predict model.safetensors holiday/ --top 3\n"
             "  linnet predict runs/pets-resnet34 *.jpg --json > predictions.jsonl",
     .fields = predict_fields,
     .run = run_predict}};

}  // namespace linnet
