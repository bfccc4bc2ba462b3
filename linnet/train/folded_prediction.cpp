#include "linnet/train/folded_prediction.h"

#include <torch/utils.h>

#include <exception>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/train/learner.h"

namespace linnet {

const FoldedPrediction* FoldedPrediction::of(const Learner& learn) {
  for (const auto& callback : learn.callbacks()) {
    if (const auto* found = dynamic_cast<const FoldedPrediction*>(callback.get())) return found;
  }
  return nullptr;
}

void FoldedPrediction::before_fit(Learner& learn) {
  if (learn.state().purpose == Purpose::validate) return;
  throw UsageError("Learner::fit",
                   "this learner was prepared for prediction, with weights that do not learn. To "
                   "train it, load it without for_prediction.");
}

torch::Tensor FoldedPrediction::forward(const Batch& batch) const {
  if (batch.x.size() != 1 || !batch.x[0].data.is_floating_point()) return {};
  try {
    return forward_(batch.x[0].data).to(torch::kFloat).contiguous();
  } catch (const std::exception&) {  // oneDNN throws its own
    return {};
  }
}

void prepare_for_prediction(Learner& learn, Precision precision) {
  if (precision == Precision::float16) {
    throw UsageError("prepare_for_prediction",
                     "precision: got float16, expected float32 or bfloat16");
  }
  const torch::NoGradGuard no_grad;
  auto forward = folded(learn.network().module(),
                        precision == Precision::bfloat16 ? torch::kBFloat16 : torch::kFloat);
  if (!forward) return;
  const Callbacks present = learn.callbacks();
  for (const auto& callback : present) {
    if (std::dynamic_pointer_cast<FoldedPrediction>(callback)) learn.remove(callback);
  }
  learn.add(std::make_shared<FoldedPrediction>(std::move(forward)));
}

}  // namespace linnet
