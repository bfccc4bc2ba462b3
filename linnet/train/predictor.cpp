#include "linnet/train/predictor.h"

#include <fmt/format.h>
#include <torch/utils.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/core/random.h"

namespace linnet {

namespace {

// What a pass gathers, batch by batch.
struct Gathered {
  std::vector<torch::Tensor> preds, targets, losses;
  std::vector<std::vector<torch::Tensor>> inputs;  // [input][batch]
  std::vector<int64_t> items;                      // positions in the data set, where known
};

torch::Tensor joined_parts(const std::vector<torch::Tensor>& parts) {
  return parts.empty() ? torch::Tensor() : torch::cat(parts);
}

// The rows in the order of their items; as they are when that order is theirs or not known.
torch::Tensor order_of(const std::vector<int64_t>& items, int64_t rows) {
  if (static_cast<int64_t>(items.size()) != rows || std::is_sorted(items.begin(), items.end())) {
    return {};
  }
  return torch::tensor(items).argsort(int64_t{0});
}

void reorder(torch::Tensor& rows, const torch::Tensor& order) {
  if (rows.defined() && order.defined()) rows = rows.index_select(0, order);
}

// A lent predictor must not compute while its learner changes the network.
std::optional<LearnerLock::Predicting> hold(const std::shared_ptr<LearnerLock>& lock,
                                            const char* where) {
  if (lock == nullptr) return std::nullopt;
  return std::optional<LearnerLock::Predicting>(std::in_place, *lock, where);
}

}  // namespace

torch::Tensor losses_of_items(const Loss& loss, const torch::Tensor& pred,
                              const torch::Tensor& target) {
  const auto losses = loss(pred, target, Reduction::none);
  return losses.reshape({pred.size(0), -1}).mean(1);
}

const Pipeline& Predictor::pipeline() const {
  if (parts_.pipeline == nullptr) {
    throw UsageError("Predictor::pipeline",
                     "this model was trained on finished tensors: it knows batches, and no items");
  }
  return *parts_.pipeline;
}

Predictor Predictor::with(Pipeline pipeline) const {
  Predictor changed = *this;
  changed.parts_.pipeline = std::make_shared<const Pipeline>(std::move(pipeline));
  return changed;
}

Predictor Predictor::prepared(Precision precision) const {
  if (precision == Precision::float16) {
    throw UsageError("Predictor::prepared", "precision: got float16, expected float32 or bfloat16");
  }
  const auto held = hold(parts_.lock, "Predictor::prepared");
  const torch::NoGradGuard no_grad;
  Predictor changed = *this;
  changed.parts_.folded = folded(
      parts_.network.module(), precision == Precision::bfloat16 ? torch::kBFloat16 : torch::kFloat);
  return changed;
}

// What is folded takes one input of numbers; the plain network says why it takes no other.
torch::Tensor Predictor::forward(const Batch& batch) const {
  const auto inputs = tensors_of(batch.x);
  if (!is_prepared() || inputs.size() != 1 || !inputs[0].is_floating_point())
    return parts_.network.forward(inputs);
  try {
    return parts_.folded(inputs[0]).to(torch::kFloat).contiguous();
  } catch (const c10::Error& e) {
    refuse_inputs(inputs, e.what_without_backtrace());
  } catch (const std::exception& e) {  // oneDNN's own
    refuse_inputs(inputs, e.what());
  }
}

torch::Tensor Predictor::activated(Batch batch) const {
  const torch::NoGradGuard no_grad;
  batch.to(parts_.device);
  return parts_.loss.activation(forward(batch));
}

Sample Predictor::encode(const std::vector<Value>& sources) const {
  const auto n = pipeline().n_inp();
  if (static_cast<int64_t>(sources.size()) != n) {
    throw UsageError("Predictor::predict",
                     fmt::format("got {} sources for a model of {} inputs. A row of a table is "
                                 "given by predict_row, other inputs by predict_inputs.",
                                 sources.size(), n));
  }
  Generator random({0});  // asked for nothing: a validation item
  return pipeline().encode(sources, Split::valid, random);
}

Batch Predictor::batch_of(std::vector<Sample> samples) const {
  const torch::NoGradGuard no_grad;
  Generator random({0});
  Batch batch = pipeline().collate(std::move(samples));
  batch.to(parts_.device);
  pipeline().apply_batch_tfms(batch, Split::valid, random);
  return batch;
}

std::vector<Prediction> Predictor::decode(const torch::Tensor& activated) const {
  const auto decided = parts_.loss.decodes(activated).cpu();
  std::vector<Prediction> answers;
  for (int64_t i = 0; i < activated.size(0); ++i) {
    const auto one = decided[i];
    const bool is_class = one.dim() == 0 && one.scalar_type() == torch::kLong;
    answers.push_back({pipeline().target()->decode(one), is_class ? one.item<int64_t>() : 0,
                       activated[i].to(torch::kFloat).cpu()});
  }
  return answers;
}

Prediction Predictor::predict_inputs(const std::vector<Value>& sources) const {
  const auto held = hold(parts_.lock, "Learner::predict");
  return decode(activated(batch_of({encode(sources)}))).at(0);
}

std::vector<Prediction> Predictor::predict_all(const std::vector<Value>& sources) const {
  if (sources.empty()) return {};
  const auto held = hold(parts_.lock, "Learner::predict");
  std::vector<Sample> samples;
  samples.reserve(sources.size());
  for (const Value& source : sources) samples.push_back(encode({source}));
  return decode(activated(batch_of(std::move(samples))));
}

torch::Tensor Predictor::pred_batch(Batch batch) const {
  const auto held = hold(parts_.lock, "Learner::pred_batch");
  return activated(std::move(batch)).to(torch::kFloat).cpu();
}

Predictions Predictor::pass_over(const DataLoader& loader, int64_t pass,
                                 const GetPredsOptions& options) const {
  const torch::NoGradGuard no_grad;
  const Loss& loss = parts_.loss;
  Gathered parts;
  const auto stream = loader.stream(pass);
  while (auto batch = stream->next()) {
    batch->to(parts_.device);
    const auto pred = forward(*batch);
    parts.preds.push_back((options.act ? loss.activation(pred) : pred).cpu());
    parts.items.insert(parts.items.end(), batch->items.begin(), batch->items.end());
    if (options.with_inputs) {
      parts.inputs.resize(batch->x.size());
      for (size_t i = 0; i < batch->x.size(); ++i)
        parts.inputs[i].push_back(batch->x[i].data.cpu());
    }
    if (batch->y.empty()) continue;
    parts.targets.push_back(batch->y[0].data.cpu());
    if (options.with_losses) {
      parts.losses.push_back(losses_of_items(loss, pred, batch->y[0].data).cpu());
    }
  }
  if (parts.preds.empty()) throw UsageError("Learner::get_preds", "got no items");
  Predictions all{.preds = joined_parts(parts.preds),
                  .targets = joined_parts(parts.targets),
                  .inputs = {},
                  .decoded = {},
                  .losses = joined_parts(parts.losses)};
  for (const auto& input : parts.inputs) all.inputs.push_back(joined_parts(input));
  const auto order = order_of(parts.items, all.preds.size(0));
  for (torch::Tensor* rows : {&all.preds, &all.targets, &all.losses}) reorder(*rows, order);
  for (torch::Tensor& rows : all.inputs) reorder(rows, order);
  if (options.with_decoded) all.decoded = loss.decodes(all.preds);
  return all;
}

Predictions Predictor::get_preds(const DataLoader& loader, const GetPredsOptions& options) const {
  const auto held = hold(parts_.lock, "Learner::get_preds");
  const auto in_order = loader.in_order();
  return pass_over(in_order != nullptr ? *in_order : loader, 0, options);
}

TtaPredictions Predictor::tta(const DataLoader& loader, const TtaOptions& options) const {
  if (options.n < 1) {
    throw UsageError("Learner::tta",
                     fmt::format("n: got {}, expected 1 augmented pass or more", options.n));
  }
  const auto held = hold(parts_.lock, "Learner::tta");
  const auto random = loader.in_order(Split::train), plain = loader.in_order(Split::valid);
  torch::Tensor augmented;
  for (int64_t pass = 0; pass < options.n; ++pass) {
    const auto preds = pass_over(random != nullptr ? *random : loader, pass, {}).preds;
    if (!augmented.defined()) {
      augmented = preds;
    } else {
      augmented = options.use_max ? torch::maximum(augmented, preds) : augmented + preds;
    }
  }
  if (!options.use_max) augmented = augmented / static_cast<double>(options.n);
  const Predictions once = pass_over(plain != nullptr ? *plain : loader, 0, {});
  return {.preds = options.use_max ? torch::maximum(augmented, once.preds)
                                   : torch::lerp(augmented, once.preds, options.beta),
          .targets = once.targets,
          .augmented = augmented,
          .plain = once.preds};
}

}  // namespace linnet
