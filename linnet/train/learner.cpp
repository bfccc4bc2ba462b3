#include "linnet/train/learner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "linnet/core/device.h"
#include "linnet/core/error.h"
#include "linnet/nn/norm.h"
#include "linnet/optim/fit_plans.h"
#include "linnet/train/callbacks/param_scheduler.h"
#include "linnet/train/callbacks/progress.h"
#include "linnet/train/callbacks/train_eval.h"
#include "linnet/train/loop.h"

namespace linnet {

namespace {

Loss loss_for(const DataLoaders& dls, const LearnerOptions& options) {
  if (options.loss) return *options.loss;
  if (dls.has_pipeline()) {
    if (auto loss = dls.pipeline().target()->loss()) return *loss;
  }
  throw UsageError(
      "Learner",
      "the data does not say which loss to use: give one, {.loss = cross_entropy()}, say");
}

// A model's weights stand for the categories that it was made for, each by its place.
void check_inputs(const Pipeline& own, const Pipeline& given) {
  constexpr const char* kLearnerWhere = "Learner::set_dls";
  if (given.n_inp() != own.n_inp()) {
    throw UsageError(kLearnerWhere,
                     fmt::format("got data of {} inputs, expected {} as in the data that "
                                 "the model was made for",
                                 given.n_inp(), own.n_inp()));
  }
  for (size_t i = 0; i < static_cast<size_t>(own.n_inp()); ++i) {
    const Block &block = own.blocks()[i], &other = given.blocks()[i];
    if (block->kind() != Kind::category && block->kind() != Kind::categories) continue;
    if (other->name() == block->name() && other->config() == block->config()) continue;
    throw UsageError(kLearnerWhere,
                     fmt::format("input {} ({}) has other categories than those that the "
                                 "model was made for",
                                 i + 1, block->name()));
  }
}

// What every scheduled fit says besides its schedule.
FitOptions plain_options(const auto& options) {
  return {.wd = options.wd,
          .callbacks = options.callbacks,
          .reset_opt = options.reset_opt,
          .start_epoch = options.start_epoch};
}

}  // namespace

Learner::Learner(DataLoaders dls, Network network, LearnerOptions options)
    : network_(std::move(network)),
      options_(std::move(options)),
      loss_(loss_for(dls, options_)),
      device_(options_.device.value_or(default_device())),
      recorder_(std::make_shared<Recorder>(options_.metrics)) {
  ensure_threads();
  dls_ = std::move(dls).to(device_);
  network_.module().to(device_);
  network_.module().eval();
  add(std::make_shared<TrainEval>());
  add(recorder_);
  add(std::make_shared<ProgressCallback>());
  for (const auto& callback : options_.callbacks) add(callback);
}

Learner::Learner(Learner&&) noexcept = default;
Learner& Learner::operator=(Learner&&) noexcept = default;
Learner::~Learner() = default;

void Learner::set_dls(DataLoaders dls) {
  lock_->refuse_beside_fit("Learner::set_dls");
  if (dls_.has_pipeline() && dls.has_pipeline()) {
    if (dls.vocab() != dls_.vocab()) {
      throw UsageError("Learner::set_dls",
                       "the classes are others than those that the model was made for");
    }
    check_inputs(dls_.pipeline(), dls.pipeline());
    for (const BatchTransform& transform : dls_.pipeline().batch_tfms()) {
      if (transform->name() != "normalize") continue;
      const auto& own = dls.pipeline().batch_tfms();
      if (std::none_of(own.begin(), own.end(),
                       [](const auto& other) { return other->name() == "normalize"; }))
        dls = dls.with(transform);
    }
  }
  dls_ = std::move(dls).to(device_);
}

void Learner::add(std::shared_ptr<Callback> callback) {
  const auto at =
      std::upper_bound(callbacks_.begin(), callbacks_.end(), callback,
                       [](const auto& a, const auto& b) { return a->order() < b->order(); });
  callbacks_.insert(at, std::move(callback));
}

void Learner::remove(const std::shared_ptr<Callback>& callback) {
  std::erase(callbacks_, callback);
}

torch::Tensor Learner::compute_loss(const torch::Tensor& pred, const Batch& batch) const {
  try {
    return loss_(pred, batch.y[0].data);
  } catch (const c10::Error& e) {
    throw UsageError(
        "Learner",
        fmt::format("the loss {} does not take predictions {} and targets {}: {}", loss_.name(),
                    shapes_of({pred}), shapes_of(tensors_of(batch.y)), e.what_without_backtrace()));
  }
}

void Learner::create_opt() {
  const auto& module = network_.module();
  opt_ = options_.opt_func(
      options_.splitter ? options_.splitter(module) : ParamGroups{module.parameters()},
      options_.lr);
  if (!options_.wd_bn_bias) opt_->set_do_wd(norm_and_bias_parameters(module), false);
  if (options_.train_bn) opt_->set_force_train(norm_parameters(module), true);
}

Optimizer& Learner::opt() {
  if (!opt_) create_opt();
  return *opt_;
}

void Learner::freeze_to(int64_t group) {
  lock_->refuse_beside_fit("Learner::freeze_to");
  opt().freeze_to(group);
}
void Learner::freeze() { freeze_to(-1); }
void Learner::unfreeze() { freeze_to(0); }

Predictor Learner::predictor() const {
  return Predictor({.network = network_,
                    .loss = loss_,
                    .pipeline = dls_.shared_pipeline(),
                    .device = device_,
                    .lock = lock_,
                    .folded = folded_});
}

void Learner::prepare_for_prediction(Precision precision) {
  folded_ = predictor().prepared(precision).parts().folded;
}

// Folded weights would not show what changes the network's.
void Learner::refuse_prepared(const char* where) const {
  if (!folded_) return;
  throw UsageError(where,
                   "this learner was prepared for prediction, with weights that do not learn. To "
                   "change them, load it without for_prediction.");
}

void Learner::run_fit(int64_t n_epoch, const FitOptions& options, Callbacks extra,
                      Purpose purpose) {
  if (n_epoch < 0)
    throw UsageError("Learner::fit", fmt::format("epochs: got {}, expected 0 or more", n_epoch));
  refuse_prepared("Learner::fit");
  const LearnerLock::Fitting fitting(*lock_, "Learner::fit");
  if (purpose == Purpose::fit) {
    const bool done_before = resume_ && fits_ < resume_->checkpoint.place.fit;
    ++fits_;
    if (done_before) return;
  }
  if (options.reset_opt || !opt_) create_opt();
  if (const auto wd = options.wd ? options.wd : options_.wd) opt_->set_hyper("wd", *wd);
  opt_->set_hyper("lr", options.lr.value_or(options_.lr));
  extra.insert(extra.end(), options.callbacks.begin(), options.callbacks.end());
  for (const auto& callback : extra) add(callback);
  const auto remove_extra = [&] {
    for (const auto& callback : extra) remove(callback);
  };
  try {
    Loop(*this).fit({.start_epoch = options.start_epoch, .n_epoch = n_epoch, .purpose = purpose});
  } catch (...) {
    remove_extra();
    throw;
  }
  remove_extra();
}

void Learner::resume(const std::filesystem::path& file) {
  lock_->refuse_beside_fit("Learner::resume");
  if (fits_ > 0)
    throw UsageError("Learner::resume",
                     "this learner has been fitted already: resume "
                     "before its first fit");
  resume_ = Resume{file, read_checkpoint(file)};
}

TrainingPlace Learner::place(int64_t epoch, int64_t iter) const {
  return {.fit = fits_ - 1,
          .epoch = epoch,
          .iter = iter,
          .passes = passes_,
          .train_iter = state_.train_iter,
          .pct_train = state_.pct_train};
}

// One number for each group of the optimizer there is or will be.
std::vector<double> Learner::lr_per_group(const std::optional<LearningRate>& lr,
                                          const char* where) {
  lock_->refuse_during_fit(where);
  return lr.value_or(options_.lr).per_group(opt().n_groups());
}

void Learner::fit(int64_t n_epoch, const FitOptions& options) { run_fit(n_epoch, options, {}); }

void Learner::fit_one_cycle(int64_t n_epoch, const OneCycleOptions& options) {
  const auto lr_max = lr_per_group(options.lr_max, "Learner::fit_one_cycle");
  const auto schedules = one_cycle(lr_max, {.div = options.div,
                                            .div_final = options.div_final,
                                            .pct_start = options.pct_start,
                                            .moms = options.moms.value_or(options_.moms)});
  run_fit(n_epoch, plain_options(options), {std::make_shared<ParamScheduler>(schedules)});
}

void Learner::fit_flat_cos(int64_t n_epoch, const FlatCosOptions& options) {
  const auto lr = lr_per_group(options.lr, "Learner::fit_flat_cos");
  const auto schedules =
      flat_cos(lr, {.div_final = options.div_final, .pct_start = options.pct_start});
  run_fit(n_epoch, plain_options(options), {std::make_shared<ParamScheduler>(schedules)});
}

void Learner::fit_sgdr(int64_t n_cycles, int64_t cycle_len, const SgdrOptions& options) {
  const Sgdr shape{.n_cycles = n_cycles, .cycle_len = cycle_len, .cycle_mult = options.cycle_mult};
  const auto schedules = sgdr(lr_per_group(options.lr_max, "Learner::fit_sgdr"), shape);
  run_fit(sgdr_epochs(shape), plain_options(options),
          {std::make_shared<ParamScheduler>(schedules)});
}

void Learner::fine_tune(int64_t epochs, const FineTuneOptions& options) {
  const FineTune recipe{.base_lr = options.base_lr,
                        .freeze_epochs = options.freeze_epochs,
                        .lr_mult = options.lr_mult,
                        .pct_start = options.pct_start,
                        .div = options.div,
                        .moms = options_.moms};
  lock_->refuse_during_fit("Learner::fine_tune");
  for (const FineTunePhase& phase : fine_tune_phases(epochs, recipe)) {
    phase.frozen ? freeze() : unfreeze();
    fit_one_cycle(phase.epochs, {.lr_max = phase.lr_max,
                                 .div = phase.cycle.div,
                                 .div_final = phase.cycle.div_final,
                                 .pct_start = phase.cycle.pct_start,
                                 .wd = options.wd,
                                 .callbacks = options.callbacks});
  }
}

}  // namespace linnet
