#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linnet/train/learner.h"
#include "support/golden.h"

// The fits that fastai recorded (golden learner_trace), made again with linnet's words.
namespace linnet::test {

/** One call of a recorded text: "fit_one_cycle(2, 0.03, wd=0.3)". */
struct RecordedCall {
  std::string name;
  std::vector<std::string> positional;
  std::map<std::string, std::string> named;
};

std::vector<RecordedCall> calls_of(const std::string& text);
/** Fails the test for a call that it does not know. */
void make_call(Learner& learn, const RecordedCall& call, const Callbacks& callbacks);

/** "Adam", "SGD" or "partial(SGD, mom=0.9)". */
OptFunc opt_of(const std::string& text);

/** The callbacks of inputs.cb, whose arguments stand beside the name; none for null. */
Callbacks callbacks_of(const Json* cb);

/** The sum of the absolute values of all parameters. */
double l1_of(const torch::nn::Module& module);

/** Writes down what happens, batch by batch, as the recorded run did. */
struct Trace final : Callback {
  std::string_view name() const override { return "trace"; }
  double order() const override { return 100; }
  void before_epoch(Learner& learn) override {
    epochs.push_back(learn.state().epoch);
    lr_at_start.push_back(learn.opt().hyper("lr").back());
  }
  void after_loss(Learner& learn) override {
    (learn.state().training ? train_losses : valid_losses)
        .push_back(learn.state().loss.item<double>());
  }
  void after_batch(Learner& learn) override {
    if (!learn.state().training) return;
    lrs.push_back(learn.opt().hyper("lr"));
    l1.push_back(l1_of(learn.network().module()));
  }
  void after_epoch(Learner& learn) override {
    l1_at_end.push_back(l1_of(learn.network().module()));
  }

  std::vector<int64_t> epochs;
  std::vector<double> lr_at_start, train_losses, valid_losses, l1, l1_at_end;
  std::vector<std::vector<double>> lrs;
};

/** The recorded data and model. Skips the test when the golden files are missing. */
class RecordedFits : public ::testing::Test {
 protected:
  void SetUp() override;

  /** With `seed` > 0 each batch's rows come in an order of their own. */
  std::shared_ptr<const DataLoader> train_loader(const std::vector<int64_t>& sizes,
                                                 int64_t seed = 0) const;
  Learner make_learner(std::shared_ptr<const DataLoader> train, LearnerOptions options) const;
  /** Batch sizes of the cases that do not say them. */
  std::vector<int64_t> usual_sizes() const;

  double abs(const char* key) const { return golden_->abs(key); }
  static void expect_series(const std::vector<double>& actual, const std::vector<double>& expected,
                            double absolute, double relative, const std::string& what);

  std::optional<Golden> golden_;
};

}  // namespace linnet::test
