#include "linnet/web/served_model.h"

#include <span>

#include "linnet/core/timer.h"
#include "linnet/media/decode.h"
#include "linnet/media/encode.h"

namespace linnet::web {

namespace {

constexpr int64_t kWarmPixels = 256;  // height and width of the picture
constexpr double kWarmSeconds = 4;    // after which no larger batch is begun

// A kind of model that reads its pictures itself does not know of our limits: their headers tell.
void check_picture(const std::string& name, const std::string& bytes, const PixelLimits& limits) {
  read_image_info(std::span(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), limits,
                  name);
}

}  // namespace

ServedModel::ServedModel(const std::filesystem::path& file, ServedModelOptions options)
    : ServedModel(read_known_model(file, options.precision), std::move(options)) {}

ServedModel::ServedModel(KnownModel known, ServedModelOptions options)
    : ServedModel(std::move(known.learn), std::move(options), std::move(known.facts)) {}

ServedModel::ServedModel(Learner learn, ServedModelOptions options,
                         std::vector<std::pair<std::string, std::string>> facts)
    : options_(std::move(options)),
      learn_(std::move(learn)),
      use_(&use_of(learn_, "serve")),
      form_(use_->form(learn_)),
      facts_(std::move(facts)),
      decoders_(options_.decoders),
      executor_(std::make_unique<ModelExecutor>(
          [this](std::vector<Prepared> inputs) { return compute(std::move(inputs)); },
          options_.executor)) {}

std::vector<std::string> ServedModel::labels() const {
  std::vector<std::string> labels;
  for (const Label& label : learn_.dls().vocab()) labels.push_back(label.text());
  return labels;
}

Prepared ServedModel::prepared(FormInput input, Deadline deadline) {
  if (use_->sample == nullptr) {
    for (const auto& [name, bytes] : input.files) check_picture(name, bytes, options_.pixels);
    return input;
  }
  if (!decoders_.try_acquire_until(deadline))
    throw HttpError(504, "the input was not read in time. There are many: try again later");
  const auto release = [this](const FormInput*) { decoders_.release(); };
  const std::unique_ptr<const FormInput, decltype(release)> held(&input, release);
  return use_->sample(learn_, input, options_.pixels);
}

void ServedModel::warm() {
  if (use_->sample == nullptr || form_.size() != 1 || form_[0].kind != FieldKind::path) return;
  const double began = seconds_now();
  const auto png = encode_image(Image(kWarmPixels, kWarmPixels, 3));
  const Deadline deadline = in_seconds(kWarmSeconds);
  try {
    const Prepared one =
        prepared({.files = {{form_[0].name, std::string(png.begin(), png.end())}}}, deadline);
    for (const int64_t size : batch_sizes(options_.executor.batch)) {
      if (seconds_now() - began > kWarmSeconds) return;
      const std::vector<Prepared> batch(static_cast<size_t>(size), one);
      executor_->run([&] { return compute(batch); }, Deadline::max()).get();
    }
  } catch (const std::exception&) {
    // A model that cannot take this picture may well take those that it was made for.
  }
}

std::vector<Json> ServedModel::compute(std::vector<Prepared> inputs) const {
  if (std::holds_alternative<FormInput>(inputs.front())) {
    std::vector<FormInput> forms;
    for (Prepared& input : inputs) forms.push_back(std::move(std::get<FormInput>(input)));
    return use_->answers(learn_, forms);
  }
  std::vector<Sample> samples;
  for (Prepared& input : inputs) samples.push_back(std::move(std::get<Sample>(input)));
  return use_->sample_answers(learn_, std::move(samples));
}

std::string ServedModel::explanation(const FormInput& input,
                                     const std::optional<std::string>& label, Deadline deadline) {
  auto drawn = executor_->run(
      [this, input, label] {
        const auto png = encode_image(use_->explanation(learn_, input, label, options_.pixels));
        return std::string(png.begin(), png.end());
      },
      deadline);
  return result_of(drawn, deadline);
}

}  // namespace linnet::web
