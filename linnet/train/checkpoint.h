#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/io/state_dict.h"

namespace linnet {

class Learner;

/** What one part of a learner, a callback say, needs to go on where it was. */
struct PartState {
  Json meta = Json::object();
  StateDict tensors;
};

/** A place in a training run: the next thing to do is batch `iter` of `epoch` of the learner's fit
 * number `fit`. */
struct TrainingPlace {
  int64_t fit = 0;         // counted over the learner's life; fine_tune makes two
  int64_t epoch = 0;       // n_epoch: all epochs of that fit are done
  int64_t iter = 0;        // 0: nothing of that epoch is done
  int64_t passes = 0;      // passes over the training data begun before this place
  int64_t train_iter = 0;  // as in FitState
  double pct_train = 0;    // as in FitState
};

/** A learner in the midst of training: all that decides what comes next. */
struct Checkpoint {
  TrainingPlace place;
  std::string device;  // "cpu", "cuda:0": the generator's state is of that kind
  StateDict model;
  PartState opt;
  PartState gradients;   // those that are defined: zeros by name, others as tensors
  torch::Tensor random;  // the state of the device's generator: uint8 [bytes]
  std::vector<std::pair<std::string, PartState>> callbacks;  // by name, in running order
};

/** The learner as it is now, between two batches or after an epoch. Tensors are shared with it. */
Checkpoint checkpoint_of(Learner& learn, const TrainingPlace& place);

/** Makes the learner what it was. DataError, from `file`, when it is of another model, optimizer or
 * set of callbacks. */
void restore(Learner& learn, const Checkpoint& checkpoint, const std::filesystem::path& file);

/** One safetensors file, written whole or not at all. IoError when the disk does not take it. */
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint);

/** DataError when `file` is missing, cut short, no checkpoint or of a newer version. */
Checkpoint read_checkpoint(const std::filesystem::path& file);

}  // namespace linnet
