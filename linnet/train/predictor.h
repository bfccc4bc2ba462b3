#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "linnet/data/loader.h"
#include "linnet/data/pipeline.h"
#include "linnet/nn/fold.h"
#include "linnet/nn/loss.h"
#include "linnet/train/learner_lock.h"
#include "linnet/train/network.h"
#include "linnet/train/precision.h"

namespace linnet {

/** What `predict` gives. Exactly three members, for `auto [label, index, probs] =
 * learn.predict(...)`. */
struct Prediction {
  Label label;          // the class or value as it was written
  int64_t index;        // the class's position in the vocabulary; 0 for a task without classes
  torch::Tensor probs;  // float32 [classes] (or [outputs]), after the loss's activation, on the CPU
};

struct GetPredsOptions {
  bool with_inputs = false;
  bool with_decoded = false;
  bool with_losses = false;
  bool act = true;  // take the loss's activation: probabilities, not scores
};

/** Predictions for all items of a loader, in the order of its data set, on the CPU. What was not
 * asked for is undefined. */
struct Predictions {
  torch::Tensor preds;                // after the loss's activation, unless asked otherwise
  torch::Tensor targets;              // undefined when the data has no labels
  std::vector<torch::Tensor> inputs;  // as the model got them
  torch::Tensor decoded;              // the loss's decision on preds
  torch::Tensor losses;               // one an item
};

struct TtaOptions {
  int64_t n = 4;         // augmented passes
  double beta = 0.25;    // share of the plain pass in the result
  bool use_max = false;  // the largest of all passes in place of the mean; beta does not count
};

/** The loss of each item: the mean over its outputs. float [n] on the device of `pred`. */
torch::Tensor losses_of_items(const Loss& loss, const torch::Tensor& pred,
                              const torch::Tensor& target);

/** Predictions averaged over augmented copies of each item. */
struct TtaPredictions {
  torch::Tensor preds;      // the result
  torch::Tensor targets;    // undefined when the data has no labels
  torch::Tensor augmented;  // mean (or largest) of the augmented passes
  torch::Tensor plain;      // the pass without augmentation
};

/** A trained network with all that makes an answer of a new item: the pipeline before it, the
 * loss's activation and decision behind it. A cheap value whose copies share the network; const,
 * and safe from many threads.
 *
 *      const Predictor recogniser = load_predictor("model.safetensors");
 *      auto [label, index, probs] = recogniser.predict("cat.jpg");
 *
 *  One that a Learner lends shows what the learner has learned, and refuses during its fits
 * (UsageError).
 */
class Predictor {
 public:
  struct Parts {
    Network network;
    Loss loss;
    std::shared_ptr<const Pipeline> pipeline = nullptr;  // null: of batches only
    torch::Device device = torch::kCPU;
    std::shared_ptr<LearnerLock> lock = nullptr;  // of the learner that trains the network
    FoldedForward folded = nullptr;               // of `prepared`
  };
  explicit Predictor(Parts parts) : parts_(std::move(parts)) {}

  /** One new item, treated as a validation item. UsageError for a model of several inputs. */
  Prediction predict(const Value& source) const { return predict_inputs({source}); }
  Prediction predict(const std::filesystem::path& path) const { return predict(Value(path)); }
  Prediction predict(const char* path) const { return predict(std::filesystem::path(path)); }
  Prediction predict(const std::string& path) const { return predict(std::filesystem::path(path)); }
  Prediction predict(const Image& image) const { return predict(Value(image)); }
  /** One item of a model of several inputs: a source for each. */
  Prediction predict_inputs(const std::vector<Value>& sources) const;
  /** Several items at once, as one batch: what fits into memory together. */
  std::vector<Prediction> predict_all(const std::vector<Value>& sources) const;

  /** Predictions for a whole loader. A training loader is read in order and to its last item.
   * UsageError for one without items. source  fastai 2.7 get_preds */
  Predictions get_preds(const DataLoader& loader, const GetPredsOptions& options = {}) const;
  /** Test-time augmentation: predictions for items augmented as in training, mixed with those for
   * the plain ones. source  fastai 2.7 tta (golden tta) */
  TtaPredictions tta(const DataLoader& loader, const TtaOptions& options = {}) const;
  /** Predictions for one batch, after the loss's activation: float32 on the CPU, rows as in
   * `batch.items`. source  fastai 2.7 pred_batch */
  torch::Tensor pred_batch(Batch batch) const;

  // The steps of `predict`, for those who decode on one thread and compute on another:

  /** What goes into a batch. Errors of what the sources are. */
  Sample encode(const std::vector<Value>& sources) const;
  /** Samples as the model takes them, on its device. */
  Batch batch_of(std::vector<Sample> samples) const;
  /** The rows of what `pred_batch` gave, each as an answer. */
  std::vector<Prediction> decode(const torch::Tensor& activated) const;

  /** The same with another pipeline around the network. */
  Predictor with(Pipeline pipeline) const;
  /** One that computes with folded weights (nn/fold.h), in a half to a tenth of the time; the same
   * one for a network that cannot be folded. Later training does not show in it.
   *  precision  of the convolutions; what follows them computes in float32. With bfloat16, of 1,064
   *             pictures of pets (ResNet-18, cat or dog) one decision changed, 48 probabilities
   *             moved by more than 0.001 and 11 by more than 0.01, the most by 0.042. With float32
   *             none moved by more than 7e-6.
   *  errors     UsageError for float16
   */
  Predictor prepared(Precision precision = Precision::float32) const;
  bool is_prepared() const { return parts_.folded != nullptr; }

  /** UsageError when there is none. */
  const Pipeline& pipeline() const;
  const Network& network() const { return parts_.network; }
  const Loss& loss() const { return parts_.loss; }
  const torch::Device& device() const { return parts_.device; }
  const Parts& parts() const { return parts_; }

 private:
  torch::Tensor forward(const Batch& batch) const;
  torch::Tensor activated(Batch batch) const;
  Predictions pass_over(const DataLoader& loader, int64_t pass,
                        const GetPredsOptions& options) const;

  Parts parts_;
};

}  // namespace linnet
