#include "linnet/app/uses/collab.h"

#include <fmt/format.h>

#include "linnet/app/collab_data.h"
#include "linnet/collab/read_out.h"
#include "linnet/collab/recommend.h"
#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr size_t kMostChoices = 60;  // a longer list is typed, not picked

std::vector<Field> predict_fields() {
  return {{.name = "top",
           .kind = FieldKind::integer,
           .help = "of a recommender: how many items to recommend, 10 when not given",
           .preset = 1,
           .min = 1}};
}

Field name_field(const Learner& learn, Side side, const char* help) {
  Field field{.name = side == Side::user ? "user" : "item", .help = help};
  field.preset_note = "none";
  auto known = classes(learn, side);
  if (known.size() - 1 > kMostChoices) return field;
  field.kind = FieldKind::choice;
  for (size_t i = 1; i < known.size(); ++i) field.choices.push_back(known[i].text());
  return field;
}

std::vector<Field> form(const Learner& learn) {
  return {name_field(learn, Side::user, "who; alone: what to recommend"),
          name_field(learn, Side::item, "what; alone: what is like it"),
          {.name = "top",
           .kind = FieldKind::integer,
           .help = "how many to recommend",
           .preset = 10,
           .min = 1,
           .max = 1000}};
}

std::string text_in(const FormInput& input, std::string_view name) {
  const Json* value = input.values.find(name);
  return value == nullptr || value->is_null() ? std::string() : Label::from_json(*value).text();
}

std::vector<Json> answers(const Learner& learn, const std::vector<FormInput>& inputs) {
  std::vector<Json> made;
  for (const FormInput& input : inputs) {
    CollabQuestion question{.user = text_in(input, "user"), .item = text_in(input, "item")};
    const Json* top = input.values.find("top");
    if (top != nullptr && !top->is_null()) question.top = top->as_int();
    made.push_back(collab_answer(learn, question));
  }
  return made;
}

Json recommended(const Learner& learn, const Label& user, int64_t top) {
  RecommendOptions options{.n = top};
  if (!learn.model_config.contains("seen")) options.seen = std::vector<Label>{};
  Json list(Json::Array{});
  for (const auto& [item, rating] : recommend(learn, user, options)) {
    list.push_back(Json{{"item", item.to_json()}, {"rating", rating}});
  }
  return list;
}

Json like_it(const Learner& learn, const Label& item, int64_t top) {
  Json list(Json::Array{});
  for (const auto& [other, similarity] : nearest(learn, item, {.n = top})) {
    list.push_back(Json{{"item", other.to_json()}, {"similarity", similarity}});
  }
  return list;
}

Json first_item(const Json& list) {
  const auto& items = list.as_array();
  return items.empty() ? Json(nullptr) : items[0].at("item");
}

}  // namespace

Json collab_answer(const Learner& learn, const CollabQuestion& question) {
  if (question.user.empty() && question.item.empty()) {
    throw UsageError("predict",
                     "got neither a user nor an item, expected user=NAME (what to recommend), "
                     "user=NAME item=NAME (how he would rate it) or item=NAME (what is like it)");
  }
  Json answer = Json::object();
  Json unknown(Json::Array{});
  const auto label_of = [&](Side side, const std::string& text) {
    const Label label = label_in(learn, side, text);
    const char* name = side == Side::user ? "user" : "item";
    answer[name] = label.to_json();
    if (!is_known(learn, label, side)) unknown.push_back(name);
    return label;
  };
  if (question.user.empty()) {
    const Label item = label_of(Side::item, question.item);
    answer["nearest"] = like_it(learn, item, question.top);
    answer["label"] = first_item(answer.at("nearest"));
  } else if (question.item.empty()) {
    const Label user = label_of(Side::user, question.user);
    answer["recommendations"] = recommended(learn, user, question.top);
    answer["label"] = first_item(answer.at("recommendations"));
  } else {
    const Label user = label_of(Side::user, question.user);
    const Label item = label_of(Side::item, question.item);
    answer["label"] = predict_rating(learn, user, item);
  }
  answer["unknown"] = std::move(unknown);
  return answer;
}

const Registered<ModelUse> collab_use{
    {.name = "collab",
     .takes = "of a recommender user=NAME (what to recommend), user=NAME item=NAME (the rating), "
              "item=NAME (what is like it), or CSV files with such columns",
     .predict_fields = predict_fields,
     .predict = collab_predict,
     .form = form,
     .answers = answers,
     .sections = collab_sections,
     .facts = collab_facts}};

}  // namespace linnet
