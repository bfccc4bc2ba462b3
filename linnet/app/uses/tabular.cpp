#include "linnet/app/uses/tabular.h"

#include <fmt/format.h>

#include "linnet/app/data_fields.h"
#include "linnet/app/tabular_data.h"
#include "linnet/core/error.h"
#include "linnet/tabular/rows.h"

namespace linnet {

namespace {

constexpr size_t kMostTabularChoices = 60;  // a longer list is typed, not picked

std::vector<Field> tabular_predict_fields() {
  return {{.name = "out",
           .kind = FieldKind::path,
           .help = "of tables: a CSV file for the rows with columns for what is predicted",
           .preset_note = "none",
           .placeholder = "FILE"},
          batch_size_field("items")};
}

Field category_field(const CategoryColumn& column) {
  Field field{.name = column.name, .help = "a category", .preset_note = "missing"};
  if (column.vocab.size() > kMostTabularChoices || column.vocab.empty()) return field;
  field.kind = FieldKind::choice;
  for (const Label& value : column.vocab) field.choices.push_back(value.text());
  return field;
}

Field number_field(const NumberColumn& column) {
  Field field{.name = column.name,
              .kind = FieldKind::number,
              .help = fmt::format("a number; {:.4g} on average", column.mean)};
  field.required = !column.fill;
  if (column.fill) field.preset_note = fmt::format("missing: {:.6g} is taken", *column.fill);
  return field;
}

std::vector<Field> tabular_form(const Learner& learn) {
  const Pipeline& pipeline = learn.dls().pipeline();
  const RowReader reader(pipeline, learn.dls().about);
  std::vector<Field> fields;
  for (const std::string& name : reader.names()) {
    if (reader.is_date(name)) {
      Field field{.name = name, .help = "a date: 2024-05-01"};
      field.required = true;
      fields.push_back(std::move(field));
    }
    for (const CategoryColumn& column : row_categories(pipeline).columns()) {
      if (column.missing_of.empty() && column.name == name)
        fields.push_back(category_field(column));
    }
    for (const NumberColumn& column : row_numbers(pipeline).columns()) {
      if (column.name == name) fields.push_back(number_field(column));
    }
  }
  return fields;
}

std::string text_of(const Json& value) {
  return value.is_null() ? std::string() : Label::from_json(value).text();
}

Value source_of(const RowReader& reader, const Learner& learn, const FormInput& input) {
  std::vector<std::pair<std::string, std::string>> cells;
  for (const auto& [name, value] : input.values.as_object()) {
    cells.emplace_back(name, text_of(value));
  }
  const Pipeline& pipeline = learn.dls().pipeline();
  const Value source = row_source(pipeline, reader.row(cells), 0);
  const auto fault = row_numbers(pipeline).fault_of(source);
  if (!fault.empty()) throw DataError("predict", fault);
  return source;
}

std::vector<Json> tabular_answers(const Learner& learn, const std::vector<FormInput>& inputs) {
  const RowReader reader(learn.dls().pipeline(), learn.dls().about);
  const Predictor predictor = learn.predictor();
  std::vector<Sample> samples;
  for (const FormInput& input : inputs) {
    const Value source = source_of(reader, learn, input);
    samples.push_back(predictor.encode({source, source}));
  }
  const auto probs = predictor.pred_batch(predictor.batch_of(std::move(samples)));
  const auto decisions = learn.loss().decodes(probs);
  std::vector<Json> made;
  for (int64_t i = 0; i < probs.size(0); ++i)
    made.push_back(tabular_answer(learn, probs[i], decisions[i]));
  return made;
}

}  // namespace

Json tabular_answer(const Learner& learn, const torch::Tensor& probs,
                    const torch::Tensor& decision) {
  const Block& target = learn.dls().pipeline().target();
  Json answer{{"label", target->decode(decision).to_json()}};
  if (target->kind() != Kind::category) return answer;
  const auto vocab = target->vocab();
  const auto values = probs.contiguous();
  const float* p = values.data_ptr<float>();
  answer["probability"] = static_cast<double>(p[decision.item<int64_t>()]);
  Json by_label = Json::object();
  for (size_t i = 0; i < vocab.size(); ++i) by_label[vocab[i].text()] = static_cast<double>(p[i]);
  answer["probabilities"] = std::move(by_label);
  return answer;
}

const Registered<ModelUse> tabular_use{
    {.name = "tabular",
     .takes = "of a model of tables CSV files, or COLUMN=VALUE for each cell of one row",
     .predict_fields = tabular_predict_fields,
     .predict = tabular_predict,
     .form = tabular_form,
     .answers = tabular_answers,
     .sections = tabular_sections,
     .facts = tabular_facts}};

}  // namespace linnet
