#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/core/registry.h"
#include "linnet/optim/learning_rate.h"

namespace linnet {

/** Parameters in groups, from the first layers to the last: each group has its own learning rate
 * and may be frozen. */
using ParamGroups = std::vector<std::vector<torch::Tensor>>;

/** The numbers that steer one parameter group ("lr", "mom", "wd" ...), by name, in the order in
 * which they were set. */
class Hypers {
 public:
  Hypers() = default;
  Hypers(std::initializer_list<std::pair<std::string, double>> values) : values_(values) {}

  /** UsageError that offers the nearest names when there is none of that name. */
  double at(std::string_view name) const;
  const double* find(std::string_view name) const;
  /** Changes the value of that name, or adds it. */
  void set(std::string_view name, double value);
  std::vector<std::string> names() const;

  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  friend bool operator==(const Hypers&, const Hypers&) = default;

 private:
  std::vector<std::pair<std::string, double>> values_;
};

/** What an optimiser knows of one parameter. */
struct ParamState {
  std::map<std::string, torch::Tensor, std::less<>> tensors;  // averages, of the parameter's shape
  int64_t step = 0;          // steps taken since the state was cleared
  bool do_wd = true;         // false: weight decay passes it by
  bool force_train = false;  // true: stays trainable in a frozen group

  /** The tensor of that name, made of zeros like `like` first if it is not there. */
  torch::Tensor& tensor(std::string_view name, const torch::Tensor& like);
};

/** One parameter as a step sees it: its values, its gradient (both detached) and its state. */
struct StepParam {
  torch::Tensor value;
  torch::Tensor grad;
  ParamState& state;
};

/** One parameter group as a step sees it; only parameters with a gradient are in it. */
struct StepGroup {
  const Hypers& hypers;
  int64_t count;  // calls of Optimizer::step since the state was cleared, this one included
  std::vector<StepParam> params;
};

/** A small change that an optimiser makes to a group: steps.h has them, a recipe strings them
 * together. */
using Step = std::function<void(StepGroup&)>;

/** Everything needed to go on with the very same bits: tensors by name, and the rest as JSON. */
struct OptimizerState {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  Json meta;
};

/** Parameter groups, a list of small steps and each group's hyper-parameters. A value that moves
 * but is not copied; not to be shared between threads.
 *
 *      torch::nn::Linear first(3, 2), last(2, 1);
 *      Optimizer opt = adam({first->parameters(), last->parameters()}, 1e-3);
 *      opt.set_hyper("lr", slice(1e-5, 1e-3));
 *      losses::mse()(last->forward(first->forward(x)), y).backward();
 *      opt.step();
 *      opt.zero_grad();
 *
 *  source  fastai.optimizer.Optimizer: the same steps in the same order
 */
class Optimizer {
 public:
  /** `hypers` is what every group starts with. UsageError when there is no parameter or one is
   * given twice. */
  Optimizer(std::string name, ParamGroups groups, std::vector<Step> steps, const Hypers& hypers);
  Optimizer(Optimizer&&) = default;
  Optimizer& operator=(Optimizer&&) = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  ~Optimizer() = default;

  /** The same optimiser with a step before and one after its own, under another name: how Lookahead
   * is made. */
  Optimizer wrapped(std::string name, Step first, Step last) &&;

  /** The recipe's name: "adam". */
  const std::string& name() const { return name_; }

  /** Changes every parameter that has a gradient. */
  void step();
  /** Makes gradients zero, not undefined, as fastai: a parameter frozen later goes on being
   * decayed. */
  void zero_grad();

  const ParamGroups& groups() const { return groups_; }
  int64_t n_groups() const { return static_cast<int64_t>(groups_.size()); }
  const std::vector<Hypers>& hypers() const { return hypers_; }

  /** One value for all groups, a slice, or one for each group. UsageError for a name that this
   * optimiser does not have, or another number of values. */
  void set_hyper(std::string_view name, const LearningRate& values);
  /** `name` in each group. */
  std::vector<double> hyper(std::string_view name) const;

  /** Groups before `n` become frozen, but for parameters with force_train, and the others
   * trainable; `n` < 0 counts from the end. Clears the state, as fastai's Learner does. UsageError
   * when |n| is beyond the number of groups. */
  void freeze_to(int64_t n);
  /** Freezes all groups but the last. A single group stays trainable. */
  void freeze() { freeze_to(-1); }
  void unfreeze() { freeze_to(0); }
  /** The first group that is trainable. */
  int64_t frozen_idx() const { return frozen_idx_; }

  /** Whether weight decay touches these parameters. UsageError for a tensor that is not in a group.
   */
  void set_do_wd(const std::vector<torch::Tensor>& params, bool do_wd);
  /** Whether these parameters stay trainable in a frozen group (norm layers do, in fastai). Seen by
   * the next freeze_to. */
  void set_force_train(const std::vector<torch::Tensor>& params, bool force_train);
  const ParamState& state(const torch::Tensor& param) const;
  /** Forgets averages and counts; do_wd and force_train stay. */
  void clear_state();

  /** Tensors are shared with this optimiser, not copied; names are "<group>.<index>.<average>". */
  OptimizerState state_dict() const;
  /** Takes over averages, counts, hypers, flags and which groups are frozen. DataError when the
   * state was made for other parameters or another recipe; nothing has changed then. */
  void load_state_dict(const OptimizerState& state);

 private:
  ParamState& state_of(const torch::Tensor& param, std::string_view where);
  void set_requires_grad();

  std::string name_;
  ParamGroups groups_;
  std::vector<Step> steps_;
  std::vector<Hypers> hypers_;
  std::vector<std::vector<ParamState>> states_;  // as groups_
  std::unordered_map<const void*, std::pair<size_t, size_t>> index_;
  int64_t frozen_idx_ = 0;
  int64_t count_ = 0;
};

/** How a Learner makes its optimiser. `adam`, `sgd` and the others convert to it, configured or
 * not. */
using OptFunc = std::function<Optimizer(const ParamGroups& groups, double lr)>;

/** A named optimiser for the command line and the docs. */
struct OptimizerEntry {
  std::string_view name;
  Optimizer (*make)(const ParamGroups& groups, double lr);
};

template <>
Registry<OptimizerEntry>& registry<OptimizerEntry>();

/** The public name of an optimiser: used as it stands or configured.
 *
 *      LearnerOptions options{.opt_func = adam};
 *      options.opt_func = adam({.mom = 0.8, .wd = 0.1});
 */
template <class Options>
struct OptimizerRecipe {
  std::string_view name;
  Optimizer (*make)(const ParamGroups& groups, double lr, const Options& options);

  Optimizer operator()(const ParamGroups& groups, double lr) const {
    return make(groups, lr, Options{});
  }
  OptFunc operator()(const Options& options) const {
    return [make = make, options](const ParamGroups& groups, double lr) {
      return make(groups, lr, options);
    };
  }
};

}  // namespace linnet
