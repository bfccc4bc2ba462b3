#include <fmt/format.h>
#include <torch/utils.h>

#include <algorithm>
#include <numeric>

#include "linnet/core/error.h"
#include "linnet/train/folded_prediction.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

// What a pass gathers, batch by batch.
struct Parts {
  std::vector<torch::Tensor> preds, targets, losses;
  std::vector<std::vector<torch::Tensor>> inputs;  // [input][batch]
  std::vector<int64_t> items;                      // positions in the data set, where known
};

torch::Tensor joined(const std::vector<torch::Tensor>& parts) {
  return parts.empty() ? torch::Tensor() : torch::cat(parts);
}

// The mean over an item's outputs: a loss without reduction gives one number for each.
torch::Tensor per_item(const torch::Tensor& losses, int64_t items) {
  if (losses.numel() == items) return losses.reshape({items});
  return losses.reshape({items, -1}).mean(1);
}

// The rows in the order of their items; as they are when that order is theirs or not known.
torch::Tensor order_of(const std::vector<int64_t>& items, int64_t rows) {
  if (static_cast<int64_t>(items.size()) != rows || std::is_sorted(items.begin(), items.end())) {
    return {};
  }
  return torch::tensor(items).argsort(int64_t{0});
}

// A table's row is the source of all inputs: each takes its own cells. Anything else is one input.
std::vector<Value> inputs_of(const Value& source, const Pipeline& pipeline) {
  const auto* row = std::get_if<Label>(&source);
  const bool shared = row != nullptr && row->is_list();
  return std::vector<Value>(shared ? static_cast<size_t>(pipeline.n_inp()) : 1, source);
}

// With folded weights where the learner was prepared for that; undefined where it was not.
torch::Tensor folded_forward(const Learner& learn, const Batch& batch) {
  const auto* folded = FoldedPrediction::of(learn);
  return folded != nullptr ? folded->forward(batch) : torch::Tensor();
}

void reorder(torch::Tensor& rows, const torch::Tensor& order) {
  if (rows.defined() && order.defined()) rows = rows.index_select(0, order);
}

}  // namespace

Predictions Learner::collect_preds(const DataLoader& loader, int64_t pass,
                                   const GetPredsOptions& options) const {
  const torch::NoGradGuard no_grad;
  Parts parts;
  const auto stream = loader.stream(pass);
  while (auto batch = stream->next()) {
    batch->to(device_);
    auto pred = folded_forward(*this, *batch);
    if (!pred.defined()) pred = forward(*batch);
    parts.preds.push_back((options.act ? loss_.activation(pred) : pred).cpu());
    parts.items.insert(parts.items.end(), batch->items.begin(), batch->items.end());
    if (options.with_inputs) {
      parts.inputs.resize(batch->x.size());
      for (size_t i = 0; i < batch->x.size(); ++i)
        parts.inputs[i].push_back(batch->x[i].data.cpu());
    }
    if (batch->y.empty()) continue;
    parts.targets.push_back(batch->y[0].data.cpu());
    if (options.with_losses) {
      const auto losses = loss_(pred, batch->y[0].data, Reduction::none);
      parts.losses.push_back(per_item(losses, batch->size()).cpu());
    }
  }
  if (parts.preds.empty()) throw UsageError("Learner::get_preds", "got no items");
  Predictions all{.preds = joined(parts.preds),
                  .targets = joined(parts.targets),
                  .inputs = {},
                  .decoded = {},
                  .losses = joined(parts.losses)};
  for (const auto& input : parts.inputs) all.inputs.push_back(joined(input));
  const auto order = order_of(parts.items, all.preds.size(0));
  for (torch::Tensor* rows : {&all.preds, &all.targets, &all.losses}) reorder(*rows, order);
  for (torch::Tensor& rows : all.inputs) reorder(rows, order);
  if (options.with_decoded) all.decoded = loss_.decodes(all.preds);
  return all;
}

Predictions Learner::get_preds(const DataLoader& loader, const GetPredsOptions& options) const {
  const LearnerLock::Predicting predicting(*lock_, "Learner::get_preds");
  const auto in_order = loader.in_order();
  return collect_preds(in_order != nullptr ? *in_order : loader, 0, options);
}

TtaPredictions Learner::tta(const DataLoader& loader, const TtaOptions& options) const {
  if (options.n < 1) {
    throw UsageError("Learner::tta",
                     fmt::format("n: got {}, expected 1 augmented pass or more", options.n));
  }
  const LearnerLock::Predicting predicting(*lock_, "Learner::tta");
  const auto random = loader.in_order(Split::train), plain = loader.in_order(Split::valid);
  torch::Tensor augmented;
  for (int64_t pass = 0; pass < options.n; ++pass) {
    const auto preds = collect_preds(random != nullptr ? *random : loader, pass, {}).preds;
    if (!augmented.defined()) {
      augmented = preds;
    } else {
      augmented = options.use_max ? torch::maximum(augmented, preds) : augmented + preds;
    }
  }
  if (!options.use_max) augmented = augmented / static_cast<double>(options.n);
  const Predictions once = collect_preds(plain != nullptr ? *plain : loader, 0, {});
  return {.preds = options.use_max ? torch::maximum(augmented, once.preds)
                                   : torch::lerp(augmented, once.preds, options.beta),
          .targets = once.targets,
          .augmented = augmented,
          .plain = once.preds};
}

torch::Tensor Learner::pred_batch(Batch batch) const {
  const LearnerLock::Predicting predicting(*lock_, "Learner::pred_batch");
  const torch::NoGradGuard no_grad;
  batch.to(device_);
  auto pred = folded_forward(*this, batch);
  if (!pred.defined()) pred = forward(batch);
  return loss_.activation(pred).to(torch::kFloat).cpu();
}

Prediction Learner::predict(const Value& source) const {
  const LearnerLock::Predicting predicting(*lock_, "Learner::predict");
  const torch::NoGradGuard no_grad;
  const Pipeline& pipeline = dls_.pipeline();
  Generator random({0});
  Batch batch =
      pipeline.collate({pipeline.encode(inputs_of(source, pipeline), Split::valid, random)});
  batch.to(device_);
  pipeline.apply_batch_tfms(batch, Split::valid, random);
  auto pred = folded_forward(*this, batch);
  if (!pred.defined()) pred = forward(batch);
  const auto activated = loss_.activation(pred);
  const auto decoded = loss_.decodes(activated)[0].cpu();
  const bool is_class = decoded.dim() == 0 && decoded.scalar_type() == torch::kLong;
  return {pipeline.target()->decode(decoded), is_class ? decoded.item<int64_t>() : 0,
          activated[0].to(torch::kFloat).cpu()};
}

}  // namespace linnet
