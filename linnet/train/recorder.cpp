#include "linnet/train/recorder.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/core/timer.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner.h"

namespace linnet {

// In float32, as fastai's, so that the table shows the same digits.
void SmoothLoss::update(double loss) {
  ++count_;
  const auto now = static_cast<float>(loss), beta = static_cast<float>(beta_);
  const auto before = static_cast<float>(value_);
  // torch::lerp(now, before, beta), which works from the nearer end.
  value_ = beta < 0.5F ? now + beta * (before - now) : before - (before - now) * (1 - beta);
}

double SmoothLoss::value() const {
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  return value_ / (1 - std::pow(beta_, static_cast<double>(count_)));
}

namespace {

// Whether only the last layers train: the first part of fine_tune.
bool is_frozen(Learner& learn) { return learn.has_opt() && learn.opt().frozen_idx() > 0; }

Json epoch_event(const Json& row, bool frozen) {
  Json event = Json::object();
  for (const auto& [name, value] : row.as_object())
    event[name == "time" ? std::string_view("seconds") : std::string_view(name)] = value;
  event["frozen"] = frozen;
  return event;
}

}  // namespace

struct Recorder::Tracked {
  std::string name;
  Better better;
  std::unique_ptr<Metric> metric;
};

Recorder::Recorder(const std::vector<MetricSpec>& metrics) {
  for (const MetricSpec& spec : metrics)
    metrics_.push_back({spec.name(), spec.better(), spec.make()});
}

Recorder::~Recorder() = default;

std::vector<std::string> Recorder::columns() const {
  std::vector<std::string> names = {"epoch", "train_loss", "valid_loss"};
  for (const Tracked& tracked : metrics_) names.push_back(tracked.name);
  names.emplace_back("time");
  return names;
}

std::optional<double> Recorder::last(std::string_view column) const {
  const Json* cell = rows_.empty() ? nullptr : rows_.back().find(column);
  if (cell == nullptr || cell->is_null()) return std::nullopt;
  return cell->as_double();
}

Better Recorder::better(std::string_view column) const {
  if (column == "train_loss" || column == "valid_loss") return Better::lower;
  for (const Tracked& tracked : metrics_) {
    if (tracked.name == column) return tracked.better;
  }
  throw UsageError("Recorder", unknown_name("column", column, columns()));
}

namespace {

void read(std::vector<torch::Tensor>& unread, std::vector<double>& losses) {
  if (unread.empty()) return;
  const auto values = torch::stack(unread).to(torch::kCPU, torch::kDouble);
  const auto* begin = values.data_ptr<double>();
  losses.insert(losses.end(), begin, begin + values.numel());
  unread.clear();
}

}  // namespace

// One wait for the device, however many losses there are.
void Recorder::settle() const {
  const size_t known = losses_.size();
  read(unread_, losses_);
  for (size_t i = known; i < losses_.size(); ++i) smooth_.update(losses_[i]);
  read(unread_valid_, valid_losses_);
}

const std::vector<double>& Recorder::losses() const {
  settle();
  return losses_;
}

const std::vector<double>& Recorder::valid_losses() const {
  settle();
  return valid_losses_;
}

double Recorder::smooth_loss() const {
  settle();
  return smooth_.value();
}

double Recorder::valid_loss() const {
  const auto& losses = valid_losses();
  double sum = 0, items = 0;
  for (size_t i = 0; i < losses.size(); ++i) {
    sum += losses[i] * static_cast<double>(valid_sizes_[i]);
    items += static_cast<double>(valid_sizes_[i]);
  }
  return items > 0 ? sum / items : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::pair<std::string, double>> Recorder::metric_values() const {
  std::vector<std::pair<std::string, double>> values;
  for (const Tracked& tracked : metrics_)
    values.emplace_back(tracked.name, tracked.metric->value());
  return values;
}

void Recorder::before_fit(Learner& learn) {
  const Purpose purpose = learn.state().purpose;
  if (purpose == Purpose::validate) return;
  unread_.clear();
  losses_.clear();
  lrs_.clear();
  smooth_.reset();
  if (purpose != Purpose::fit) return;
  rows_.clear();
  if (!tell) return;
  learn.reporter().table(columns());
  learn.reporter().event("fit", Json{{"epochs", learn.state().n_epoch},
                                     {"frozen", is_frozen(learn)},
                                     {"columns", Json::array(columns())}});
}

void Recorder::before_epoch(Learner& learn) {
  train_cancelled_ = valid_cancelled_ = false;
  epoch_began_ = seconds_now();
  row_ = Json{{"epoch", learn.state().epoch}};
}

void Recorder::before_validate(Learner&) {
  unread_valid_.clear();
  valid_losses_.clear();
  valid_sizes_.clear();
  for (Tracked& tracked : metrics_) tracked.metric->reset();
}

void Recorder::after_batch(Learner& learn) {
  const FitState& state = learn.state();
  if (!state.loss.defined()) return;
  const auto loss = state.loss.detach().mean();
  if (state.training) {
    unread_.push_back(loss);
    lrs_.push_back(learn.opt().hyper("lr"));
    return;
  }
  unread_valid_.push_back(loss);
  valid_sizes_.push_back(state.batch.size());
  for (Tracked& tracked : metrics_) tracked.metric->update(state.pred, state.batch.y[0].data);
}

void Recorder::after_cancel_train(Learner&) { train_cancelled_ = true; }
void Recorder::after_cancel_validate(Learner&) { valid_cancelled_ = true; }

void Recorder::after_train(Learner&) {
  if (!train_cancelled_) row_["train_loss"] = smooth_loss();
}

void Recorder::after_validate(Learner&) {
  if (valid_cancelled_ || valid_sizes_.empty()) return;
  row_["valid_loss"] = valid_loss();
  for (const auto& [name, value] : metric_values()) row_[name] = value;
}

// The smoothed loss follows from the losses.
PartState Recorder::state(const Learner&) const {
  PartState state;
  state.meta = {{"rows", Json(Json::Array(rows_.begin(), rows_.end()))},
                {"seconds", seconds_now() - epoch_began_}};
  state.tensors.add("losses", torch::tensor(losses(), torch::kDouble));
  const auto groups = lrs_.empty() ? size_t{0} : lrs_[0].size();
  auto lrs = torch::empty({static_cast<int64_t>(lrs_.size()), static_cast<int64_t>(groups)},
                          torch::kDouble);
  auto* out = lrs.data_ptr<double>();
  for (const auto& row : lrs_) out = std::copy(row.begin(), row.end(), out);
  state.tensors.add("lrs", lrs);
  return state;
}

void Recorder::load_state(Learner& learn, const PartState& state) {
  rows_ = state.meta.at("rows").as_array();
  epoch_began_ = seconds_now() - state.meta.at("seconds").as_double();
  unread_.clear();
  losses_.clear();
  lrs_.clear();
  smooth_.reset();
  const auto losses = state.tensors.at("losses").contiguous();
  losses_.assign(losses.data_ptr<double>(), losses.data_ptr<double>() + losses.numel());
  for (const double loss : losses_) smooth_.update(loss);
  const auto lrs = state.tensors.at("lrs").contiguous();
  for (int64_t i = 0; i < lrs.size(0); ++i) {
    const auto* row = lrs.data_ptr<double>() + i * lrs.size(1);
    lrs_.emplace_back(row, row + lrs.size(1));
  }
  if (!tell) return;
  for (const Json& row : rows_) learn.reporter().row(row);
}

void Recorder::after_epoch(Learner& learn) {
  if (learn.state().purpose != Purpose::fit) return;
  row_["time"] = seconds_now() - epoch_began_;
  rows_.push_back(row_);
  if (!tell) return;
  learn.reporter().row(row_);
  learn.reporter().event("epoch", epoch_event(row_, is_frozen(learn)));
}

}  // namespace linnet
