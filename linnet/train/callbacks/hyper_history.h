#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linnet/train/callback.h"

namespace linnet {

/** Keeps the optimizer's learning rates, momenta and other hyper-parameters of every training batch
 * of the last fit, as they were when it stepped.
 *
 *      auto history = std::make_shared<HyperHistory>();
 *      learn.fit_one_cycle(1, {.callbacks = {history}});
 *      draw(schedule_chart(history->of("mom"), "momentum"), PlotFormat::svg);
 *
 *  source  fastai 2.7 ParamScheduler, which keeps them in Recorder.hps
 */
class HyperHistory final : public Callback {
 public:
  std::string_view name() const override { return "hyper_history"; }
  double order() const override { return 60; }  // after the schedules have set them
  bool run_valid() const override { return false; }
  void before_fit(Learner& learn) override;
  void after_batch(Learner& learn) override;

  /** What the optimizer has: "lr", "mom", ... */
  std::vector<std::string> names() const;
  /** [batch][group]; UsageError for a name that the optimizer does not have. */
  const std::vector<std::vector<double>>& of(std::string_view name) const;

 private:
  using PerBatch = std::vector<std::vector<double>>;
  std::vector<std::pair<std::string, PerBatch>> history_;
};

}  // namespace linnet
