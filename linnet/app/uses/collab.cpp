#include "linnet/app/uses/collab.h"

#include "linnet/app/collab_data.h"
#include "linnet/app/data_fields.h"
#include "linnet/collab/read_out.h"
#include "linnet/collab/recommend.h"
#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr size_t kMostCollabChoices = 60;  // a longer list is typed, not picked

std::vector<Field> collab_predict_fields() {
  return {{.name = "top",
           .kind = FieldKind::integer,
           .help = "of a recommender: how many items to recommend, 10 when not given",
           .preset = 1,
           .min = 1},
          {.name = "out",
           .kind = FieldKind::path,
           .help = "of ratings: the same with the predicted ones",
           .preset_note = "none",
           .placeholder = "FILE"},
          batch_size_field("items")};
}

Field name_field(const Learner& learn, Side side, const char* help) {
  Field field{.name = side == Side::user ? "user" : "item", .help = help};
  field.preset_note = "none";
  const auto& known = detail::labels_of(learn, side, "predict");
  if (known.size() - 1 > kMostCollabChoices) return field;
  field.kind = FieldKind::choice;
  for (size_t i = 1; i < known.size(); ++i) field.choices.push_back(known[i].text());
  return field;
}

std::vector<Field> collab_form(const Learner& learn) {
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

std::vector<Json> collab_answers(const Learner& learn, const std::vector<FormInput>& inputs) {
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

/** An answer that is under way: who and what is asked about, and what of these is unknown. */
struct Asked {
  Json answer = Json::object();
  Json unknown = Json(Json::Array{});

  Label label(const Learner& learn, Side side, const std::string& text) {
    const Label label = label_in(learn, side, text);
    const char* name = side == Side::user ? "user" : "item";
    answer[name] = label.to_json();
    if (!is_known(learn, label, side)) unknown.push_back(name);
    return label;
  }

  Json with_label(Json value) {
    answer["label"] = std::move(value);
    answer["unknown"] = std::move(unknown);
    return std::move(answer);
  }
};

}  // namespace

std::vector<Json> collab_ratings(const Learner& learn,
                                 const std::vector<CollabQuestion>& questions) {
  std::vector<Asked> asked(questions.size());
  std::vector<Label> users, items;
  for (size_t i = 0; i < questions.size(); ++i) {
    users.push_back(asked[i].label(learn, Side::user, questions[i].user));
    items.push_back(asked[i].label(learn, Side::item, questions[i].item));
  }
  const auto ratings = predict_ratings(learn, users, items);
  std::vector<Json> collab_answers;
  for (size_t i = 0; i < questions.size(); ++i) {
    collab_answers.push_back(asked[i].with_label(ratings[static_cast<int64_t>(i)].item<double>()));
  }
  return collab_answers;
}

Json collab_answer(const Learner& learn, const CollabQuestion& question) {
  if (question.user.empty() && question.item.empty()) {
    throw UsageError("predict",
                     "got neither a user nor an item, expected user=NAME (what to recommend), "
                     "user=NAME item=NAME (how he would rate it) or item=NAME (what is like it)");
  }
  if (!question.user.empty() && !question.item.empty()) {
    return collab_ratings(learn, {question})[0];
  }
  Asked asked;
  const char* list = question.user.empty() ? "nearest" : "recommendations";
  if (question.user.empty()) {
    asked.answer[list] =
        like_it(learn, asked.label(learn, Side::item, question.item), question.top);
  } else {
    asked.answer[list] =
        recommended(learn, asked.label(learn, Side::user, question.user), question.top);
  }
  return asked.with_label(first_item(asked.answer.at(list)));
}

const Registered<ModelUse> collab_use{
    {.name = "collab",
     .takes = "of a recommender user=NAME (what to recommend), user=NAME item=NAME (the rating), "
              "item=NAME (what is like it), or CSV files with such columns",
     .predict_fields = collab_predict_fields,
     .predict = collab_predict,
     .form = collab_form,
     .answers = collab_answers,
     .sections = collab_sections,
     .facts = collab_facts}};

}  // namespace linnet
