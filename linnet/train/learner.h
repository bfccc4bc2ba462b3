#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/reporter.h"
#include "linnet/data/data_loaders.h"
#include "linnet/metric/metric.h"
#include "linnet/nn/loss.h"
#include "linnet/optim/adam.h"
#include "linnet/optim/learning_rate.h"
#include "linnet/optim/lr_find.h"
#include "linnet/optim/optimizer.h"
#include "linnet/train/callback.h"
#include "linnet/train/checkpoint.h"
#include "linnet/train/learner_lock.h"
#include "linnet/train/network.h"
#include "linnet/train/predictor.h"
#include "linnet/train/recorder.h"
#include "linnet/train/state.h"

namespace linnet {

using Callbacks = std::vector<std::shared_ptr<Callback>>;

/** Momentum at the start, the middle and the end of a one-cycle fit. */
using Moms = std::array<double, 3>;

struct LearnerOptions {
  std::vector<MetricSpec> metrics = {};
  std::optional<Loss> loss = std::nullopt;  // by default the target block's
  OptFunc opt_func = adam;
  double lr = 1e-3;
  std::optional<double> wd = std::nullopt;  // by default the optimizer's (Adam 0.01)
  bool wd_bn_bias = false;                  // weight decay for norm parameters and biases too
  bool train_bn = true;                     // BatchNorm trains in frozen groups as well
  Moms moms = {0.95, 0.85, 0.95};
  Callbacks callbacks = {};
  /** How the parameters fall into groups, first layers first; all in one by default. */
  std::function<ParamGroups(const torch::nn::Module&)> splitter = nullptr;
  std::filesystem::path path = ".";  // where `save` writes: path/models
  std::optional<torch::Device> device =
      std::nullopt;  // by default CUDA where there is one, else the CPU
};

struct FitOptions {
  std::optional<LearningRate> lr = std::nullopt;  // by default the learner's
  std::optional<double> wd = std::nullopt;
  Callbacks callbacks = {};  // for this fit only
  bool reset_opt = false;
  int64_t start_epoch = 0;
};

struct OneCycleOptions {
  std::optional<LearningRate> lr_max = std::nullopt;  // by default the learner's lr
  double div = 25;                                    // first lr is lr_max / div
  double div_final = 1e5;                             // last lr is about lr_max / div_final
  double pct_start = 0.25;                            // share of the fit in which lr rises
  std::optional<double> wd = std::nullopt;
  std::optional<Moms> moms = std::nullopt;
  Callbacks callbacks = {};
  bool reset_opt = false;
  int64_t start_epoch = 0;
};

struct FlatCosOptions {
  std::optional<LearningRate> lr = std::nullopt;
  double div_final = 1e5;
  double pct_start = 0.75;  // share of the fit before lr falls
  std::optional<double> wd = std::nullopt;
  Callbacks callbacks = {};
  bool reset_opt = false;
  int64_t start_epoch = 0;
};

struct SgdrOptions {
  std::optional<LearningRate> lr_max = std::nullopt;
  int64_t cycle_mult = 2;  // each cycle is so many times as long as the one before
  std::optional<double> wd = std::nullopt;
  Callbacks callbacks = {};
  bool reset_opt = false;
  int64_t start_epoch = 0;
};

struct LrFindOptions {
  double start_lr = 1e-7;
  double end_lr = 10;
  int64_t num_it = 100;  // batches
  bool stop_div = true;  // stop when the smoothed loss passes four times its best
  std::vector<std::string> suggest = {"valley"};  // also "steep", "minimum", "slide"
};

struct LrFindResult {
  LrCurve curve;  // every rate tried, and the smoothed loss after it
  std::vector<std::pair<std::string, SuggestedLr>> suggestions;  // as asked for
  /** The first suggestion. UsageError when none was asked for. */
  double lr() const;
};

struct FineTuneOptions {
  double base_lr = 2e-3;
  int64_t freeze_epochs = 1;  // epochs in which only the head (and BatchNorm) trains
  double lr_mult = 100;       // how much slower the first layers learn
  double pct_start = 0.3;
  double div = 5;
  std::optional<double> wd = std::nullopt;
  Callbacks callbacks = {};
};

struct Evaluation {
  double loss = 0;
  std::vector<std::pair<std::string, double>> metrics;
};

struct EvaluateOptions {
  bool keep_predictions = false;  // for what has few numbers an item
  /** Sees what metrics see, batch by batch: for what is too large to keep. */
  std::function<void(const torch::Tensor& pred, const torch::Tensor& target)> each_batch = nullptr;
};

struct Evaluated {
  Evaluation scores;
  /** When kept: after the activation, with targets, decisions and losses, in the loader's order. */
  Predictions predictions;
};

/** Data, a model, a loss and an optimizer, and all one does with them.
 *
 *      Learner learn(dls, torch::nn::Linear(1, 1), {.loss = losses::mse()});
 *      learn.fit(3);
 *
 *  Movable, not copyable. One thread trains; `predict` and `get_preds` may be called from many
 * threads at once. source  fastai 2.7 Learner (golden learner_trace)
 */
class Learner {
 public:
  Learner(DataLoaders dls, Network network, LearnerOptions options = {});
  Learner(Learner&&) noexcept;
  Learner& operator=(Learner&&) noexcept;
  ~Learner();

  /** Trains for `n_epoch` epochs at a constant learning rate. */
  void fit(int64_t n_epoch, const FitOptions& options = {});
  /** Leslie Smith's one-cycle policy: the rate rises, then falls; momentum does the opposite. */
  void fit_one_cycle(int64_t n_epoch, const OneCycleOptions& options = {});
  /** A flat rate, then a cosine to almost nothing. */
  void fit_flat_cos(int64_t n_epoch, const FlatCosOptions& options = {});
  /** `n_cycles` cosines from lr_max to 0, the first `cycle_len` epochs long. */
  void fit_sgdr(int64_t n_cycles, int64_t cycle_len, const SgdrOptions& options = {});
  /** The recipe for a pretrained model: first the new head alone, then everything with small rates
   * for the first layers. */
  void fine_tune(int64_t epochs, const FineTuneOptions& options = {});

  void freeze();  // all groups but the last
  void unfreeze();
  /** Groups from `group` on train, those before do not; negative counts from the end. */
  void freeze_to(int64_t group);

  /** Tries growing learning rates, a batch each, and suggests one. Model, optimizer, random
   * generator and the order of the training data are afterwards as they were. UsageError when the
   * loss diverges after too few batches for a suggestion. source  fastai 2.7 lr_find, LRFinder */
  LrFindResult lr_find(const LrFindOptions& options = {});

  /** Loss and metrics on the validation set, or on `loader`. */
  Evaluation validate(const DataLoader* loader = nullptr);
  /** The same, and the predictions behind it, in one pass. */
  Evaluated evaluate(const DataLoader& loader, const EvaluateOptions& options = {});
  /** What predicts with this learner's network as it is trained: cheap to make, safe from many
   * threads; refuses during a fit. After `prepare_for_prediction` it computes with folded
   * weights. */
  Predictor predictor() const;
  /** `predictor()` computes as `Predictor::prepared` does from here on. All else that uses the
   * network (`validate`, what interprets, `export_to`) keeps the plain one. A fit, and `load`, are
   * refused from here on, as predictions would not show what they change. */
  void prepare_for_prediction(Precision precision = Precision::float32);

  // As `predictor()` has them:
  Predictions get_preds(const DataLoader& loader, const GetPredsOptions& options = {}) const {
    return predictor().get_preds(loader, options);
  }
  /** Predictions for the validation set. */
  Predictions get_preds(const GetPredsOptions& options = {}) const {
    return get_preds(dls().valid(), options);
  }
  TtaPredictions tta(const DataLoader& loader, const TtaOptions& options = {}) const {
    return predictor().tta(loader, options);
  }
  TtaPredictions tta(const TtaOptions& options = {}) const { return tta(dls().valid(), options); }
  torch::Tensor pred_batch(Batch batch) const { return predictor().pred_batch(std::move(batch)); }
  /** One new item, a path or an Image, treated as a validation item. */
  template <class Source>
  Prediction predict(const Source& source) const {
    return predictor().predict(source);
  }

  /** Weights (and the optimizer's state) to path/models/`name`.safetensors; returns that file. */
  std::filesystem::path save(const std::string& name, bool with_opt = true) const;
  /** Reads what `save` wrote, a fastai `learn.save` file or a plain state dict. */
  void load(const std::string& name, bool with_opt = true);
  /** Goes on from what `Checkpointer` wrote, with the same bits on the CPU: make the learner and
   * call its fits as in the run that wrote `file`. What had been done is left out. DataError when
   * the file cannot be used; at the fit that goes on, when it is of another model, optimizer or
   * callbacks. */
  void resume(const std::filesystem::path& file);
  /** Whether the fit that goes on has not been reached yet. */
  bool resuming() const { return resume_.has_value(); }
  /** Everything that is needed to predict, in one safetensors file: `load_learner`. UsageError
   * when it could not be loaded again: a network, loss or transform that no registry has. */
  void export_to(const std::filesystem::path& file) const;
  /** A table of layers with output shapes and parameters, for one batch of the data. */
  std::string summary() const;

  // For callbacks:
  FitState& state() { return state_; }
  const FitState& state() const { return state_; }
  /** The rest of that stage is left out, as soon as this event's callback returns. */
  void request_stop(Stop stage) { state_.stop = stage; }
  const DataLoaders& dls() const { return dls_; }
  /** Other data for the same task from here on: larger pictures, more of them. When the present
   * data are normalised and `dls` are not, they become so. UsageError when their classes are
   * others. */
  void set_dls(DataLoaders dls);
  const Network& network() const { return network_; }
  const Loss& loss() const { return loss_; }
  Optimizer& opt();  // made at first use
  bool has_opt() const { return opt_.has_value(); }
  const Recorder& recorder() const { return *recorder_; }
  Recorder& recorder() { return *recorder_; }
  const LearnerOptions& options() const { return options_; }
  const torch::Device& device() const { return device_; }
  Reporter& reporter() const { return *reporter_; }
  void set_reporter(Reporter& reporter) {
    reporter_ = &reporter;
  }  // must outlive the learner's use
  /** For a checkpoint within a fit: batch `iter` of `epoch` comes next. */
  TrainingPlace place(int64_t epoch, int64_t iter) const;
  /** All callbacks in running order. */
  const Callbacks& callbacks() const { return callbacks_; }
  void add(std::shared_ptr<Callback> callback);
  void remove(const std::shared_ptr<Callback>& callback);

  /** What `load_learner` needs to build the network again: {"kind": a LearnerKind's name, ...}.
   * Null for a user's own. */
  Json model_config = nullptr;
  /** Why this network cannot be built again from `model_config`; empty when it can. */
  std::string export_obstacle;

 private:
  friend class Loop;
  struct Resume {
    std::filesystem::path file;
    Checkpoint checkpoint;
  };
  torch::Tensor compute_loss(const torch::Tensor& pred, const Batch& batch) const;
  void create_opt();
  int64_t next_pass() {
    return passes_++;
  }  // numbers the passes over the training data: each is another order
  void run_fit(int64_t n_epoch, const FitOptions& options, Callbacks extra,
               Purpose purpose = Purpose::fit);
  std::vector<double> lr_per_group(const std::optional<LearningRate>& lr, const char* where);
  void refuse_prepared(const char* where) const;

  DataLoaders dls_;
  Network network_;
  LearnerOptions options_;
  Loss loss_;
  torch::Device device_;
  std::optional<Optimizer> opt_;
  std::shared_ptr<Recorder> recorder_;
  Callbacks callbacks_;
  Reporter* reporter_ = &console_reporter();
  FitState state_;
  int64_t passes_ = 0;
  int64_t fits_ = 0;  // fits begun, lr_find's not counted
  std::optional<Resume> resume_;
  FoldedForward folded_;  // of prepare_for_prediction
  std::shared_ptr<LearnerLock> lock_ = std::make_shared<LearnerLock>();
};

}  // namespace linnet
