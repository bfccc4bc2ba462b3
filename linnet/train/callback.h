#pragma once

#include <array>
#include <string>
#include <string_view>

namespace linnet {

class Learner;
struct PartState;  // train/checkpoint.h

/** The moments of a fit at which callbacks are called, in the order of fastai's. The list is
 * closed. */
enum class Event {
  before_fit,
  before_epoch,
  before_train,
  before_batch,
  after_pred,
  after_loss,
  before_backward,
  after_cancel_backward,
  after_backward,
  before_step,
  after_cancel_step,
  after_step,
  after_cancel_batch,
  after_batch,
  after_cancel_train,
  after_train,
  before_validate,
  after_cancel_validate,
  after_validate,
  after_cancel_epoch,
  after_epoch,
  after_cancel_fit,
  after_fit,
};

std::string_view to_string(Event event);

/** What a callback may ask to be left out: the rest of this stage. `Learner::request_stop`. */
enum class Stop { none, step, backward, batch, train, validate, epoch, fit };

/** Watches or changes training at the events it overrides. Gets the learner at each event and does
 * not keep it.
 *
 *      struct PrintLoss : Callback {
 *        void after_batch(Learner& learn) override { std::cout << learn.state().loss << '\n'; }
 *      };
 *      learn.fit(1, {.callbacks = {std::make_shared<PrintLoss>()}});
 *
 *  source  fastai 2.7 Callback; a stop is asked for, not thrown (docs/differences.md)
 */
class Callback {
 public:
  virtual ~Callback() = default;
  /** For tables and checkpoints, which know a callback by it; by default its class's name. */
  virtual std::string_view name() const;
  /** Callbacks run in this order; equal ones in the order they were added. */
  virtual double order() const { return 0; }
  /** Whether it is called for the batches of training, and of validation. */
  virtual bool run_train() const { return true; }
  virtual bool run_valid() const { return true; }

  virtual void before_fit(Learner&) {}
  virtual void before_epoch(Learner&) {}
  virtual void before_train(Learner&) {}
  virtual void before_batch(Learner&) {}
  virtual void after_pred(Learner&) {}
  virtual void after_loss(Learner&) {}
  virtual void before_backward(Learner&) {}
  virtual void after_cancel_backward(Learner&) {}
  virtual void after_backward(Learner&) {}
  virtual void before_step(Learner&) {}
  virtual void after_cancel_step(Learner&) {}
  virtual void after_step(Learner&) {}
  virtual void after_cancel_batch(Learner&) {}
  virtual void after_batch(Learner&) {}
  virtual void after_cancel_train(Learner&) {}
  virtual void after_train(Learner&) {}
  virtual void before_validate(Learner&) {}
  virtual void after_cancel_validate(Learner&) {}
  virtual void after_validate(Learner&) {}
  virtual void after_cancel_epoch(Learner&) {}
  virtual void after_epoch(Learner&) {}
  virtual void after_cancel_fit(Learner&) {}
  virtual void after_fit(Learner&) {}
  /** Always called last, also when the fit threw: gives back what `before_fit` took. Must not
   * throw. */
  virtual void cleanup(Learner&) noexcept {}

  /** What it needs to go on in the midst of a fit, besides what it was made with and what
   * `before_fit` sets up; by default nothing. For checkpoints, between two batches or after an
   * epoch. */
  virtual PartState state(const Learner&) const;
  /** Takes that over, after `before_fit` (and, within an epoch, `before_epoch` and `before_train`).
   */
  virtual void load_state(Learner&, const PartState&) {}

  void call(Event event, Learner& learn);
};

}  // namespace linnet
