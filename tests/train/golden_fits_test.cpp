#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "linnet/core/strings.h"
#include "linnet/io/weights.h"
#include "linnet/metric/regression.h"
#include "linnet/train/callbacks/param_scheduler.h"
#include "support/recorded_fits.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::callbacks_of;
using test::calls_of;
using test::golden_tensor;
using test::l1_of;
using test::make_call;
using test::opt_of;
using test::Trace;

/** All numbers of one run, by what they are; a series' elements by their positions. */
using Numbers = std::map<std::string, std::vector<double>>;

/** A recorded fit, run here. */
struct Outcome {
  std::shared_ptr<Trace> trace = std::make_shared<Trace>();
  test::RecordingReporter reporter;
  Numbers numbers;
};

class GoldenFits : public test::RecordedFits {
 protected:
  Outcome run_case(const Json& inputs, int64_t seed) const;
  std::pair<double, double> bound_of(const std::string& name, bool natural) const;
  void check_fit(const Json& c);
  static void check_notes(const std::vector<std::string>& notes, const Json& expected);
};

void add_rows(Numbers& numbers, const std::vector<Json>& rows) {
  for (size_t r = 0; r < rows.size(); ++r) {
    for (const auto& [name, value] : rows[r].as_object()) {
      if (name == "epoch" || name == "time") continue;
      numbers[fmt::format("row {} {}", r, name)] = {value.as_double()};
    }
  }
}

/** The numbers of a run with the rows of each batch in another order (`seed` > 0): the same but for
 * rounding. */
Outcome GoldenFits::run_case(const Json& inputs, int64_t seed) const {
  Outcome run;
  const test::TempDir folder;
  LearnerOptions options{.metrics = {metrics::mae, metrics::rmse},
                         .opt_func = opt_of(inputs.at("opt").as_string()),
                         .path = folder.path()};
  if (const Json* lr = inputs.find("learner_lr")) options.lr = lr->as_double();
  if (const Json* learner = inputs.find("learner")) {
    for (const auto& [key, value] : learner->as_object()) {
      if (key == "wd") options.wd = value.as_double();
      if (key == "wd_bn_bias") options.wd_bn_bias = value.as_bool();
      if (key == "train_bn") options.train_bn = value.as_bool();
    }
  }
  Learner learn =
      make_learner(train_loader(inputs.at("batch_sizes").as_ints(), seed), std::move(options));
  learn.set_reporter(run.reporter);
  Callbacks callbacks = callbacks_of(inputs.find("cb"));
  callbacks.push_back(run.trace);
  for (const test::RecordedCall& call : calls_of(inputs.at("call").as_string()))
    make_call(learn, call, callbacks);

  run.numbers = {{"train_loss", run.trace->train_losses},
                 {"valid_loss", run.trace->valid_losses},
                 {"params_l1", run.trace->l1}};
  add_rows(run.numbers, run.reporter.rows);
  for (const auto& [name, tensor] : state_dict_of(learn.network().module())) {
    const auto flat = tensor.detach().to(torch::kDouble).flatten();
    run.numbers["final " + name] = {flat.data_ptr<double>(),
                                    flat.data_ptr<double>() + flat.numel()};
  }
  for (size_t i = 0; i < run.trace->lrs.size(); ++i)
    run.numbers[fmt::format("lr {}", i)] = run.trace->lrs[i];
  for (size_t g = 0; g < learn.opt().hypers().size(); ++g) {
    for (const auto& [name, value] : learn.opt().hypers()[g])
      run.numbers[fmt::format("final {} of group {}", name, g)] = {value};
  }
  return run;
}

/** The recorded numbers, under the names of a run's. */
Numbers numbers_of(const Json& expected) {
  Numbers numbers = {{"train_loss", expected.at("train_loss_per_batch").as_doubles()},
                     {"valid_loss", expected.at("valid_loss_per_batch").as_doubles()},
                     {"params_l1", expected.at("params_l1_after_batch").as_doubles()}};
  const auto names = expected.at("recorder_names").as_strings();
  const auto& rows = expected.at("recorder_values").as_array();
  for (size_t r = 0; r < rows.size(); ++r) {
    const auto cells = rows[r].as_doubles();  // none for a row that fastai leaves empty
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string& name = names.at(i + 1);
      numbers[fmt::format("row {} {}", r, name.starts_with('_') ? name.substr(1) : name)] = {
          cells[i]};
    }
  }
  for (const auto& [name, tensor] : expected.at("final_state").as_object()) {
    const auto flat = golden_tensor(tensor).to(torch::kDouble).flatten();
    numbers["final " + name] = {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
  }
  const auto& lrs = expected.at("lr").as_array();
  for (size_t i = 0; i < lrs.size(); ++i) numbers[fmt::format("lr {}", i)] = lrs[i].as_doubles();
  const auto& hypers = expected.at("final_hypers").as_array();
  for (size_t g = 0; g < hypers.size(); ++g) {
    for (const auto& [name, value] : hypers[g].as_object())
      numbers[fmt::format("final {} of group {}", name, g)] = {value.as_double()};
  }
  return numbers;
}

/** The bound for a number of that name, as the file says. */
std::pair<double, double> GoldenFits::bound_of(const std::string& name, bool natural) const {
  if (name.starts_with("lr") || name.find(" of group ") != std::string::npos) return {1e-12, 1e-6};
  const char* key = name.find("_loss") != std::string::npos && !name.starts_with("row") ? "losses"
                    : name.starts_with("row")                                           ? "recorder"
                                                                                        : "params";
  return {abs(key), natural ? golden_->rel("natural_trackers") : golden_->rel(key)};
}

void GoldenFits::check_fit(const Json& c) {
  const Json& inputs = c.at("inputs");
  const Json& expected = c.at("expected");
  const bool natural = c.at("name").as_string().ends_with("_natural");
  const Outcome run = run_case(inputs, 0);
  // A bias before a BatchNorm has no gradient but rounding errors, and Adam divides these by their
  // own size: such numbers are known only to what the order of a batch's rows makes of them.
  // SGD does not, and keeps the file's tolerance.
  std::vector<Numbers> other_orders;
  const int64_t orders = inputs.at("opt").as_string().starts_with("SGD") ? 0 : 6;
  for (int64_t seed = 1; seed <= orders; ++seed)
    other_orders.push_back(run_case(inputs, seed).numbers);
  const Numbers wanted = numbers_of(expected);
  for (const auto& [name, values] : wanted) {
    const auto found = run.numbers.find(name);
    ASSERT_NE(found, run.numbers.end()) << name;
    ASSERT_EQ(found->second.size(), values.size()) << name;
    const auto [absolute, relative] = bound_of(name, natural);
    for (size_t i = 0; i < values.size(); ++i) {
      double rounding = 0;
      for (const Numbers& other : other_orders)
        rounding = std::max(rounding, std::abs(other.at(name).at(i) - found->second[i]));
      EXPECT_LE(rounding, 5e-3) << name << " " << i << " is not known at all";
      test::expect_close(found->second[i], values[i], absolute + 3 * rounding, relative,
                         fmt::format("{} {}", name, i));
    }
  }
  for (const auto& [name, values] : run.numbers) {
    if (name.starts_with("row")) {
      EXPECT_TRUE(wanted.contains(name)) << name;
    }
  }
  const bool one_fit = inputs.at("call").as_string().find(';') == std::string::npos &&
                       !inputs.at("call").as_string().starts_with("fine_tune");
  if (one_fit) {
    EXPECT_EQ(run.trace->epochs, expected.at("epochs").as_ints());
  }
  check_notes(run.reporter.notes, expected);
}

/** Up to the number, which differs in its last digits. */
void GoldenFits::check_notes(const std::vector<std::string>& notes, const Json& expected) {
  const Json* printed = expected.find("printed");
  const auto lines = printed != nullptr ? printed->as_strings() : std::vector<std::string>();
  ASSERT_EQ(notes.size(), lines.size());
  for (size_t i = 0; i < lines.size(); ++i)
    EXPECT_EQ(notes[i].substr(0, notes[i].find(':')), lines[i].substr(0, lines[i].find(':')));
}

TEST_F(GoldenFits, FitsTakeTheSameSteps) {
  int64_t checked = 0;
  for (const Json* c : golden_->cases()) {
    if (!c->at("expected").contains("train_loss_per_batch")) continue;
    SCOPED_TRACE(c->at("name").as_string());
    check_fit(*c);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

}  // namespace
}  // namespace linnet
