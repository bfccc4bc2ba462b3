#include "linnet/app/uses/vision.h"

#include <utility>

#include "linnet/app/data_fields.h"
#include "linnet/app/prediction_precision.h"
#include "linnet/app/uses/picture_form.h"
#include "linnet/core/error.h"
#include "linnet/interpret/explain.h"

namespace linnet {

namespace {

std::vector<Field> vision_predict_fields() {
  return {{.name = "top",
           .kind = FieldKind::integer,
           .help = "of pictures: how many of the likeliest labels to show; --json always gives all",
           .preset = 1,
           .min = 1},
          batch_size_field("items"),
          workers_field(),
          prediction_precision_field()};
}

Sample sample(const Learner& learn, const FormInput& input, const PixelLimits& limits) {
  return learn.predictor().encode({picture_in(learn, input, limits)});
}

std::vector<Json> sample_answers(const Learner& learn, std::vector<Sample> samples) {
  const Predictor predictor = learn.predictor();
  const auto probs = predictor.pred_batch(predictor.batch_of(std::move(samples)));
  const auto decisions = learn.loss().decodes(probs);
  std::vector<Json> made;
  for (int64_t i = 0; i < probs.size(0); ++i)
    made.push_back(vision_answer(learn, probs[i].contiguous(), decisions[i]));
  return made;
}

std::vector<Json> vision_answers(const Learner& learn, const std::vector<FormInput>& inputs) {
  std::vector<Sample> samples;
  samples.reserve(inputs.size());
  for (const FormInput& input : inputs) samples.push_back(sample(learn, input, {}));
  return sample_answers(learn, std::move(samples));
}

Image vision_explanation(const Learner& learn, const FormInput& input,
                         const std::optional<std::string>& label, const PixelLimits& limits) {
  return explain(learn, picture_in(learn, input, limits), {.label = label}).overlay;
}

}  // namespace

Json vision_answer(const Learner& learn, const torch::Tensor& probs,
                   const torch::Tensor& decision) {
  const Block& target = learn.dls().pipeline().target();
  const auto vocab = target->vocab();
  Json answer{{"label", target->decode(decision).to_json()}};
  if (static_cast<int64_t>(vocab.size()) != probs.numel()) return answer;
  Json::Object by_label;
  for (size_t i = 0; i < vocab.size(); ++i) {
    by_label.emplace_back(vocab[i].text(), static_cast<double>(probs.data_ptr<float>()[i]));
  }
  if (target->kind() == Kind::category) {
    const auto best = static_cast<size_t>(probs.argmax().item<int64_t>());
    answer = Json{{"label", by_label[best].first}, {"probability", by_label[best].second}};
  }
  answer["probabilities"] = std::move(by_label);
  return answer;
}

const Registered<ModelUse> vision_use{
    {.name = "vision",
     .takes = "of a picture recogniser files, or folders with pictures at any depth",
     .predict_fields = vision_predict_fields,
     .predict = vision_predict,
     .form = picture_form,
     .answers = vision_answers,
     .sections = vision_sections,
     .facts = vision_facts,
     .sample = sample,
     .sample_answers = sample_answers,
     .explanation = vision_explanation}};

}  // namespace linnet
