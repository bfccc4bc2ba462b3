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

std::vector<torch::Tensor> tensors_of(const std::vector<Column>& columns) {
  std::vector<torch::Tensor> tensors;
  for (const Column& column : columns) tensors.push_back(column.data);
  return tensors;
}

std::string shapes_of(const std::vector<torch::Tensor>& tensors) {
  std::vector<std::string> shapes;
  for (const auto& tensor : tensors)
    shapes.push_back(fmt::format("[{}]", fmt::join(tensor.sizes(), ", ")));
  return fmt::format("{}", fmt::join(shapes, ", "));
}

// Puts a flag up for as long as it lives.
class Fitting {
 public:
  explicit Fitting(std::atomic<bool>& flag) : flag_(flag) {
    if (flag_.exchange(true))
      throw UsageError("Learner", "a fit is under way on this learner already");
  }
  ~Fitting() { flag_ = false; }
  Fitting(const Fitting&) = delete;
  Fitting& operator=(const Fitting&) = delete;

 private:
  std::atomic<bool>& flag_;
};

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

void Learner::add(std::shared_ptr<Callback> callback) {
  const auto at =
      std::upper_bound(callbacks_.begin(), callbacks_.end(), callback,
                       [](const auto& a, const auto& b) { return a->order() < b->order(); });
  callbacks_.insert(at, std::move(callback));
}

void Learner::remove(const std::shared_ptr<Callback>& callback) {
  std::erase(callbacks_, callback);
}

torch::Tensor Learner::forward(const Batch& batch) const {
  const auto inputs = tensors_of(batch.x);
  try {
    return network_.forward(inputs);
  } catch (const c10::Error& e) {
    throw UsageError("Learner", fmt::format("the model does not take inputs {}: {}",
                                            shapes_of(inputs), e.what_without_backtrace()));
  }
}

torch::Tensor Learner::compute_loss(const torch::Tensor& pred, const Batch& batch) const {
  return loss_(pred, batch.y[0].data);
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

void Learner::freeze_to(int64_t group) { opt().freeze_to(group); }
void Learner::freeze() { freeze_to(-1); }
void Learner::unfreeze() { freeze_to(0); }

void Learner::run_fit(int64_t n_epoch, const FitOptions& options, Callbacks extra) {
  if (n_epoch < 0)
    throw UsageError("Learner::fit", fmt::format("epochs: got {}, expected 0 or more", n_epoch));
  const Fitting fitting(*fitting_);
  if (options.reset_opt || !opt_) create_opt();
  if (const auto wd = options.wd ? options.wd : options_.wd) opt_->set_hyper("wd", *wd);
  opt_->set_hyper("lr", options.lr.value_or(options_.lr));
  extra.insert(extra.end(), options.callbacks.begin(), options.callbacks.end());
  for (const auto& callback : extra) add(callback);
  const auto remove_extra = [&] {
    for (const auto& callback : extra) remove(callback);
  };
  try {
    Loop(*this).fit(n_epoch, options.start_epoch);
  } catch (...) {
    remove_extra();
    throw;
  }
  remove_extra();
}

void Learner::fit(int64_t n_epoch, const FitOptions& options) { run_fit(n_epoch, options, {}); }

void Learner::fit_one_cycle(int64_t n_epoch, const OneCycleOptions& options) {
  opt().set_hyper("lr", options.lr_max.value_or(options_.lr));
  const auto schedules =
      one_cycle(opt().hyper("lr"), {.div = options.div,
                                    .div_final = options.div_final,
                                    .pct_start = options.pct_start,
                                    .moms = options.moms.value_or(options_.moms)});
  run_fit(n_epoch,
          {.wd = options.wd,
           .callbacks = options.callbacks,
           .reset_opt = options.reset_opt,
           .start_epoch = options.start_epoch},
          {std::make_shared<ParamScheduler>(schedules)});
}

void Learner::fit_flat_cos(int64_t n_epoch, const FlatCosOptions& options) {
  opt().set_hyper("lr", options.lr.value_or(options_.lr));
  const auto schedules =
      flat_cos(opt().hyper("lr"), {.div_final = options.div_final, .pct_start = options.pct_start});
  run_fit(n_epoch,
          {.wd = options.wd, .callbacks = options.callbacks, .reset_opt = options.reset_opt},
          {std::make_shared<ParamScheduler>(schedules)});
}

void Learner::fine_tune(int64_t epochs, const FineTuneOptions& options) {
  const FineTune recipe{.base_lr = options.base_lr,
                        .freeze_epochs = options.freeze_epochs,
                        .lr_mult = options.lr_mult,
                        .pct_start = options.pct_start,
                        .div = options.div,
                        .moms = options_.moms};
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

Evaluation Learner::validate(const DataLoader* loader) {
  const Fitting fitting(*fitting_);
  const bool told = std::exchange(recorder_->tell, false);
  Loop(*this).validate(loader != nullptr ? *loader : dls_.valid());
  recorder_->tell = told;
  return {recorder_->valid_loss(), recorder_->metric_values()};
}

void Learner::check_not_fitting(const char* where) const {
  if (*fitting_)
    throw UsageError(where, "a fit is under way on this learner: predict when it has ended");
}

Predictions Learner::get_preds(const DataLoader& loader, bool with_losses) const {
  check_not_fitting("Learner::get_preds");
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> preds, targets, losses;
  const auto stream = loader.stream(0);
  while (auto batch = stream->next()) {
    batch->to(device_);
    const auto pred = forward(*batch);
    preds.push_back(loss_.activation(pred).cpu());
    if (batch->y.empty()) continue;
    targets.push_back(batch->y[0].data.cpu());
    if (with_losses) losses.push_back(loss_(pred, batch->y[0].data, Reduction::none).cpu());
  }
  if (preds.empty()) throw UsageError("Learner::get_preds", "got no items");
  const auto joined = [](const std::vector<torch::Tensor>& parts) {
    return parts.empty() ? torch::Tensor() : torch::cat(parts);
  };
  return {joined(preds), joined(targets), joined(losses)};
}

torch::Tensor Learner::pred_batch(Batch batch) const {
  check_not_fitting("Learner::pred_batch");
  const torch::NoGradGuard no_grad;
  batch.to(device_);
  return loss_.activation(forward(batch)).to(torch::kFloat).cpu();
}

Prediction Learner::predict(const Value& source) const {
  check_not_fitting("Learner::predict");
  const torch::NoGradGuard no_grad;
  const Pipeline& pipeline = dls_.pipeline();
  Generator random({0});
  Batch batch = pipeline.collate({pipeline.encode({source}, Split::valid, random)});
  batch.to(device_);
  pipeline.apply_batch_tfms(batch, Split::valid, random);
  const auto pred = forward(batch);
  const auto activated = loss_.activation(pred);
  const auto decoded = loss_.decodes(activated)[0].cpu();
  const bool is_class = decoded.dim() == 0 && decoded.scalar_type() == torch::kLong;
  return {pipeline.target()->decode(decoded), is_class ? decoded.item<int64_t>() : 0,
          activated[0].to(torch::kFloat).cpu()};
}

}  // namespace linnet
