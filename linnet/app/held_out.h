#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "linnet/data/dataset.h"
#include "linnet/train/learner.h"

namespace linnet {

/** A run's held-out pictures, and what its model says of them, in the order of split.csv. */
struct HeldOutPredictions {
  Predictions predictions;  // with decisions and losses
  Dataset items;            // path and label
};

/** Made when they are first asked for; what that throws is thrown each time. */
class HeldOut {
 public:
  explicit HeldOut(std::function<HeldOutPredictions()> make) : make_(std::move(make)) {}
  const HeldOutPredictions& operator()();

 private:
  std::function<HeldOutPredictions()> make_;
  std::optional<HeldOutPredictions> made_;
  std::exception_ptr failure_;
};

/** Predictions for the validation pictures that `run`/split.csv names below `pictures`, labelled as
 * for training.
 *  errors  DataError when the split names none, or a picture is no longer there; UsageError when
 *          they were labelled by a rule that the model's file does not hold
 */
HeldOutPredictions held_out_predictions(const Learner& learn, const std::filesystem::path& run,
                                        const std::filesystem::path& pictures);

/** Precision and recall by class, as HTML. */
std::string held_out_classes_html(const Learner& learn, const HeldOutPredictions& held_out);

}  // namespace linnet
