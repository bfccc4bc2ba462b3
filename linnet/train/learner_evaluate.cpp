#include <torch/types.h>

#include <memory>
#include <utility>
#include <vector>

#include "linnet/train/learner.h"
#include "linnet/train/loop.h"

namespace linnet {

namespace {

// Sees each batch as the metrics do.
class BatchWatcher final : public Callback {
 public:
  explicit BatchWatcher(const EvaluateOptions& options) : options_(options) {}

  std::string_view name() const override { return "batch_watcher"; }
  void after_batch(Learner& learn) override {
    const FitState& state = learn.state();
    if (state.batch.y.empty()) return;
    const auto& target = state.batch.y[0].data;
    if (options_.each_batch) options_.each_batch(state.pred, target);
    if (!options_.keep_predictions) return;
    scores_.push_back(state.pred.detach().cpu());
    targets_.push_back(target.cpu());
  }

  Predictions kept(const Loss& loss) const {
    if (scores_.empty()) return {};
    const auto scores = torch::cat(scores_);
    Predictions all{.preds = loss.activation(scores),
                    .targets = torch::cat(targets_),
                    .inputs = {},
                    .decoded = {},
                    .losses = {}};
    all.decoded = loss.decodes(all.preds);
    all.losses = losses_of_items(loss, scores, all.targets);
    return all;
  }

 private:
  const EvaluateOptions& options_;
  std::vector<torch::Tensor> scores_, targets_;
};

}  // namespace

Evaluated Learner::evaluate(const DataLoader& loader, const EvaluateOptions& options) {
  const LearnerLock::Fitting fitting(*lock_, "Learner::validate");
  const auto watcher = std::make_shared<BatchWatcher>(options);
  add(watcher);
  try {
    Loop(*this).validate(loader);
  } catch (...) {
    remove(watcher);
    throw;
  }
  remove(watcher);
  return {.scores = {recorder_->valid_loss(), recorder_->metric_values()},
          .predictions = watcher->kept(loss_)};
}

Evaluation Learner::validate(const DataLoader* loader) {
  return evaluate(loader != nullptr ? *loader : dls_.valid()).scores;
}

}  // namespace linnet
