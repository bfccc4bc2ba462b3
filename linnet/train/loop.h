#pragma once

#include "linnet/data/loader.h"
#include "linnet/train/callback.h"
#include "linnet/train/state.h"

namespace linnet {

class Learner;

/** The training loop: read this first. There is one, and everything but its bare steps is a
 * callback.
 *
 *  fit: for each epoch { train: for each batch { forward, loss, backward, step }  validate: for
 * each batch { forward, loss } }
 *
 *  Each stage runs its `before` event, its body and its `after` event. A stop that a callback asks
 * for leaves the stages from the inside out; the stage it names runs its `after_cancel` event and
 * goes on. source  fastai 2.7 Learner.fit, _with_events (golden learner_trace `events`)
 */
class Loop {
 public:
  explicit Loop(Learner& learn) : learn_(learn) {}

  struct Range {
    int64_t start_epoch = 0;
    int64_t n_epoch = 1;
    Purpose purpose = Purpose::fit;
  };
  /** Epochs `start_epoch` .. n_epoch-1 of training, each followed by validation. UsageError when a
   * callback asks for a stop of a stage that is not under way. */
  void fit(const Range& range);
  /** One pass over `loader` without training, with the same events. */
  void validate(const DataLoader& loader);

 private:
  struct Stage;
  template <class Body>
  void run(const Stage& stage, Body body);
  bool fire(Event event, Stop over = Stop::none);
  bool stopped() const;
  template <class Body>
  void run_whole(FitState start, Body body);

  void epoch();
  void train();
  void evaluate(const DataLoader& loader);
  void batches(const DataLoader& loader, int64_t pass, int64_t first);
  void resume();
  void batch();
  void clean_up();

  Learner& learn_;
};

}  // namespace linnet
