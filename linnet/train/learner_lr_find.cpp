#include <ATen/CPUGeneratorImpl.h>
#include <torch/utils.h>

#include <limits>
#include <mutex>

#include "linnet/core/error.h"
#include "linnet/io/weights.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

// Raises the rate batch by batch and keeps the curve.
class LrFinder final : public Callback {
 public:
  explicit LrFinder(const LrFind& range) : range_(range) {}

  std::string_view name() const override { return "lr_finder"; }
  double order() const override { return 60; }
  bool run_valid() const override { return false; }

  void before_batch(Learner& learn) override {
    learn.opt().set_hyper("lr", lr_find_rate(range_, learn.state().train_iter));
  }
  void after_batch(Learner& learn) override {
    curve_.lrs.push_back(learn.opt().hyper("lr").back());
    curve_.losses.push_back(learn.recorder().smooth_loss());
    best_ = std::min(best_, curve_.losses.back());
    if (lr_find_diverged(range_, curve_.losses.back(), best_) ||
        learn.state().train_iter >= range_.num_it) {
      learn.request_stop(Stop::fit);
    }
  }
  void before_validate(Learner& learn) override { learn.request_stop(Stop::validate); }

  const LrCurve& curve() const { return curve_; }

 private:
  LrFind range_;
  LrCurve curve_;
  double best_ = std::numeric_limits<double>::infinity();
};

OptimizerState copy_of(OptimizerState state) {
  for (auto& [name, tensor] : state.tensors) tensor = tensor.clone();
  return state;
}

// A model, its optimizer, the number of passes and the random generator as they were; put back when
// this goes.
class Snapshot {
 public:
  Snapshot(const torch::nn::Module& module, Optimizer& opt, int64_t& passes)
      : opt_(opt), opt_state_(copy_of(opt.state_dict())), passes_(passes), passes_done_(passes) {
    for (const auto& [name, tensor] : state_dict_of(module)) {
      kept_.push_back({tensor, tensor.detach().clone(), tensor.requires_grad()});
    }
    auto generator = at::detail::getDefaultCPUGenerator();
    const std::lock_guard<std::mutex> lock(generator.mutex());
    random_ = generator.get_state();
  }
  ~Snapshot() {
    const torch::NoGradGuard no_grad;
    passes_ = passes_done_;
    opt_.zero_grad();
    opt_.load_state_dict(opt_state_);
    for (Kept& kept : kept_) {
      kept.tensor.copy_(kept.values);
      if (kept.tensor.is_floating_point()) kept.tensor.requires_grad_(kept.trains);
    }
    auto generator = at::detail::getDefaultCPUGenerator();
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(random_);
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  struct Kept {
    torch::Tensor tensor, values;
    bool trains;
  };
  Optimizer& opt_;
  OptimizerState opt_state_;
  int64_t& passes_;
  int64_t passes_done_;
  std::vector<Kept> kept_;
  torch::Tensor random_;
};

void check(const LrFindOptions& options) {
  if (!(options.start_lr > 0 && options.end_lr > options.start_lr)) {
    throw UsageError("Learner::lr_find", "start_lr, end_lr: expected 0 < start_lr < end_lr");
  }
  if (options.num_it < 1) throw UsageError("Learner::lr_find", "num_it: expected 1 batch or more");
  for (const auto& name : options.suggest) registry<LrSuggestion>().at(name);
}

}  // namespace

double LrFindResult::lr() const {
  if (suggestions.empty()) throw UsageError("LrFindResult::lr", "no suggestion was asked for");
  return suggestions[0].second.lr;
}

LrFindResult Learner::lr_find(const LrFindOptions& options) {
  check(options);
  lock_->refuse_during_fit("Learner::lr_find");
  const int64_t batches = dls_.train().batches();
  if (batches == 0) throw UsageError("Learner::lr_find", "the training set gives no batch");
  const auto finder = std::make_shared<LrFinder>(LrFind{.start_lr = options.start_lr,
                                                        .end_lr = options.end_lr,
                                                        .num_it = options.num_it,
                                                        .stop_div = options.stop_div});
  {
    const Snapshot snapshot(network_.module(), opt(), passes_);
    run_fit(options.num_it / batches + 1, {.callbacks = {finder}}, {}, Purpose::lr_find);
  }
  LrFindResult result{.curve = finder->curve(), .suggestions = {}};
  const LrCurve trimmed = lr_find_trimmed(result.curve, options.num_it);
  for (const auto& name : options.suggest) {
    result.suggestions.emplace_back(name, registry<LrSuggestion>().at(name).suggest(trimmed));
  }
  return result;
}

}  // namespace linnet
