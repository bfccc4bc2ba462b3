#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>

#include "linnet/core/strings.h"
#include "linnet/io/weights.h"
#include "linnet/metric/accuracy.h"
#include "linnet/metric/regression.h"
#include "linnet/nn/losses.h"
#include "linnet/nn/stack.h"
#include "linnet/optim/adam.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/callbacks/bn_freeze.h"
#include "linnet/train/callbacks/entry.h"
#include "linnet/train/callbacks/gradient_accumulation.h"
#include "linnet/train/callbacks/gradient_clip.h"
#include "linnet/train/callbacks/param_scheduler.h"
#include "linnet/train/callbacks/short_epoch.h"
#include "linnet/train/callbacks/tracker.h"
#include "linnet/train/learner.h"
#include "support/golden.h"
#include "support/recording_reporter.h"
#include "support/slices_loader.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
namespace nn = torch::nn;

using test::Golden;
using test::golden_tensor;

/** One call of a recorded text: "fit_one_cycle(2, 0.03, wd=0.3)". */
struct Call {
  std::string name;
  std::vector<std::string> positional;
  std::map<std::string, std::string> named;
};

/** Parts between commas that no bracket holds. */
std::vector<std::string> top_level_parts(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0) {
      parts.emplace_back(trim(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!trim(part).empty()) parts.emplace_back(trim(part));
  return parts;
}

std::vector<Call> calls_of(const std::string& text) {
  std::vector<Call> calls;
  size_t at = 0;
  for (size_t open = text.find('('); open != std::string::npos; open = text.find('(', at)) {
    size_t begin = open;
    while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) != 0 ||
                         text[begin - 1] == '_'))
      --begin;
    int depth = 1;
    size_t close = open;
    while (depth > 0) {
      ++close;
      depth += text.at(close) == '(' ? 1 : text.at(close) == ')' ? -1 : 0;
    }
    at = close + 1;
    if (begin == open) continue;  // a remark in brackets
    Call call{.name = text.substr(begin, open - begin), .positional = {}, .named = {}};
    for (const auto& part : top_level_parts(text.substr(open + 1, close - open - 1))) {
      const auto equals = part.find('=');
      if (equals == std::string::npos) {
        call.positional.push_back(part);
      } else {
        call.named[part.substr(0, equals)] = part.substr(equals + 1);
      }
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

LearningRate rate_of(const std::string& text) {
  if (!text.starts_with("slice(")) return std::stod(text);
  const auto parts = top_level_parts(text.substr(6, text.size() - 7));
  return parts.size() == 1 ? slice(std::stod(parts[0]))
                           : slice(std::stod(parts[0]), std::stod(parts[1]));
}

std::optional<LearningRate> rate_in(const Call& call, size_t position) {
  if (call.positional.size() <= position) return std::nullopt;
  return rate_of(call.positional[position]);
}

std::optional<double> number_in(const Call& call, const std::string& name) {
  const auto found = call.named.find(name);
  if (found == call.named.end()) return std::nullopt;
  return std::stod(found->second);
}

void make_call(Learner& learn, const Call& call, const Callbacks& callbacks) {
  const auto whole = [&](size_t i) { return std::stoll(call.positional.at(i)); };
  const bool reset_opt = call.named.contains("reset_opt") && call.named.at("reset_opt") == "True";
  if (call.name == "freeze") {
    learn.freeze();
  } else if (call.name == "fit") {
    learn.fit(whole(0), {.lr = rate_in(call, 1),
                         .wd = number_in(call, "wd"),
                         .callbacks = callbacks,
                         .reset_opt = reset_opt});
  } else if (call.name == "fit_one_cycle") {
    learn.fit_one_cycle(whole(0), {.lr_max = rate_in(call, 1),
                                   .wd = number_in(call, "wd"),
                                   .callbacks = callbacks,
                                   .reset_opt = reset_opt});
  } else if (call.name == "fit_flat_cos") {
    learn.fit_flat_cos(
        whole(0), {.lr = rate_in(call, 1), .wd = number_in(call, "wd"), .callbacks = callbacks});
  } else if (call.name == "fine_tune") {
    learn.fine_tune(whole(0), {.base_lr = std::stod(call.positional.at(1)),
                               .wd = number_in(call, "wd"),
                               .callbacks = callbacks});
  } else {
    FAIL() << "a call that this test does not know: " << call.name;
  }
}

OptFunc opt_of(const std::string& text) {
  if (text == "Adam") return adam;
  if (text == "SGD") return sgd;
  return sgd({.mom = *number_in(calls_of(text).at(0), "mom")});
}

/** The callbacks of inputs.cb, whose arguments stand beside the name. */
Callbacks callbacks_of(const Json* cb) {
  Callbacks callbacks;
  if (cb == nullptr) return callbacks;
  const auto number = [cb](std::string_view key, double otherwise) {
    const Json* value = cb->find(key);
    return value != nullptr ? value->as_double() : otherwise;
  };
  TrackerOptions track;
  track.min_delta = number("min_delta", 0);
  if (const Json* monitor = cb->find("monitor")) track.monitor = monitor->as_string();
  const auto patience = static_cast<int64_t>(number("patience", 1));
  for (const auto& name : split(cb->at("name").as_string(), '+')) {
    if (name == "GradientAccumulation") {
      callbacks.push_back(
          std::make_shared<GradientAccumulation>(static_cast<int64_t>(number("n_acc", 32))));
    } else if (name == "GradientClip") {
      callbacks.push_back(
          std::make_shared<GradientClip>(number("max_norm", 1), number("norm_type", 2)));
    } else if (name == "ShortEpochCallback") {
      callbacks.push_back(std::make_shared<ShortEpochCallback>(number("pct", 0.01)));
    } else if (name == "BnFreeze") {
      callbacks.push_back(std::make_shared<BnFreeze>());
    } else if (name == "EarlyStoppingCallback") {
      callbacks.push_back(std::make_shared<EarlyStoppingCallback>(
          EarlyStoppingOptions{.track = track, .patience = patience}));
    } else if (name == "ReduceLROnPlateau") {
      callbacks.push_back(std::make_shared<ReduceLROnPlateau>(
          ReduceLROnPlateauOptions{.track = track,
                                   .patience = patience,
                                   .factor = number("factor", 10),
                                   .min_lr = number("min_lr", 0)}));
    } else if (name == "SaveModelCallback") {
      SaveModelOptions options{.track = track};
      if (const Json* every = cb->find("every_epoch"))
        options.every_epoch = every->is_bool() ? 1 : every->as_int();
      if (const Json* at_end = cb->find("at_end")) options.at_end = at_end->as_bool();
      callbacks.push_back(std::make_shared<SaveModelCallback>(options));
    } else {
      ADD_FAILURE() << "a callback that this test does not know: " << name;
    }
  }
  return callbacks;
}

double l1_of(const nn::Module& module) {
  double sum = 0;
  for (const auto& parameter : module.parameters())
    sum += parameter.detach().to(torch::kDouble).abs().sum().item<double>();
  return sum;
}

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

/** All numbers of one run, by what they are; a series' elements by their positions. */
using Numbers = std::map<std::string, std::vector<double>>;

/** A recorded fit, run here. */
struct Outcome {
  std::shared_ptr<Trace> trace = std::make_shared<Trace>();
  test::RecordingReporter reporter;
  Numbers numbers;
};

class GoldenLearnerTrace : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_golden()) GTEST_SKIP() << test::kNoGolden;
    golden_.emplace("learner_trace");
  }

  /** With `seed` > 0 each batch's rows come in an order of their own. */
  std::shared_ptr<const DataLoader> train_loader(const std::vector<int64_t>& sizes,
                                                 int64_t seed = 0) const {
    torch::manual_seed(static_cast<uint64_t>(seed));
    std::vector<torch::Tensor> order;
    int64_t begin = 0;
    for (const int64_t size : sizes) {
      order.push_back(begin + (seed > 0 ? torch::randperm(size) : torch::arange(size)));
      begin += size;
    }
    const auto rows = torch::cat(order);
    return test::slices(golden_tensor(golden_->file().at("train_x")).index_select(0, rows),
                        golden_tensor(golden_->file().at("train_y")).index_select(0, rows), sizes);
  }

  Learner make_learner(std::shared_ptr<const DataLoader> train, LearnerOptions options) const {
    const auto valid = test::slices(golden_tensor(golden_->file().at("valid_x")),
                                    golden_tensor(golden_->file().at("valid_y")),
                                    golden_->file().at("valid_batch_sizes").as_ints());
    StateDict state;
    for (const auto& [name, tensor] : golden_->file().at("init_state").as_object())
      state.add(name, golden_tensor(tensor));
    const auto& first = state.at("0.weight");
    const auto& last = state.at("3.weight");
    Stack model(nn::Linear(first.size(1), first.size(0)), nn::BatchNorm1d(first.size(0)),
                nn::ReLU(), nn::Linear(last.size(1), last.size(0)));
    apply_state_dict(*model, state);
    options.loss = losses::mse();
    options.splitter = [](const nn::Module& module) {
      const auto layers = module.children();
      ParamGroups groups(2);
      for (size_t i = 0; i < layers.size(); ++i) {
        for (const auto& parameter : layers[i]->parameters())
          groups[i < 2 ? 0 : 1].push_back(parameter);
      }
      return groups;
    };
    return Learner(DataLoaders(std::move(train), valid), model, std::move(options));
  }

  /** Batch sizes of the cases that do not say them. */
  std::vector<int64_t> usual_sizes() const {
    return golden_->named("fit_sgd").at("inputs").at("batch_sizes").as_ints();
  }

  double abs(const char* key) const { return golden_->abs(key); }

  void expect_series(const std::vector<double>& actual, const std::vector<double>& expected,
                     double absolute, double relative, const std::string& what) const {
    ASSERT_EQ(actual.size(), expected.size()) << what;
    for (size_t i = 0; i < actual.size(); ++i)
      test::expect_close(actual[i], expected[i], absolute, relative, fmt::format("{} {}", what, i));
  }

  Outcome run_case(const Json& inputs, int64_t seed) const;
  std::pair<double, double> bound_of(const std::string& name, bool natural) const;
  void check_fit(const Json& c);
  static void check_notes(const std::vector<std::string>& notes, const Json& expected);
  void check_tracker(const Json& c);

  std::optional<Golden> golden_;
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
Outcome GoldenLearnerTrace::run_case(const Json& inputs, int64_t seed) const {
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
  for (const Call& call : calls_of(inputs.at("call").as_string()))
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
std::pair<double, double> GoldenLearnerTrace::bound_of(const std::string& name,
                                                       bool natural) const {
  if (name.starts_with("lr") || name.find(" of group ") != std::string::npos) return {1e-12, 1e-6};
  const char* key = name.find("_loss") != std::string::npos && !name.starts_with("row") ? "losses"
                    : name.starts_with("row")                                           ? "recorder"
                                                                                        : "params";
  return {abs(key), natural ? golden_->rel("natural_trackers") : golden_->rel(key)};
}

void GoldenLearnerTrace::check_fit(const Json& c) {
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
void GoldenLearnerTrace::check_notes(const std::vector<std::string>& notes, const Json& expected) {
  const Json* printed = expected.find("printed");
  const auto lines = printed != nullptr ? printed->as_strings() : std::vector<std::string>();
  ASSERT_EQ(notes.size(), lines.size());
  for (size_t i = 0; i < lines.size(); ++i)
    EXPECT_EQ(notes[i].substr(0, notes[i].find(':')), lines[i].substr(0, lines[i].find(':')));
}

TEST_F(GoldenLearnerTrace, FitsTakeTheSameSteps) {
  int64_t checked = 0;
  for (const Json* c : golden_->cases()) {
    if (!c->at("expected").contains("train_loss_per_batch")) continue;
    SCOPED_TRACE(c->at("name").as_string());
    check_fit(*c);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

/** A metric whose values are given, one an epoch. */
class Scripted final : public Metric {
 public:
  explicit Scripted(std::vector<double> values) : values_(std::move(values)) {}
  void reset() override { ++validations_; }
  void update(const torch::Tensor&, const torch::Tensor&) override {}
  double value() const override { return values_.at(validations_ - 1); }

 private:
  std::vector<double> values_;
  size_t validations_ = 0;
};

/** Notes which files of a folder have changed, after SaveModel has had its turn. */
struct SavedFiles final : Callback {
  explicit SavedFiles(fs::path where) : folder(std::move(where)) {}
  std::string_view name() const override { return "saved_files"; }
  double order() const override { return 61.5; }
  void after_epoch(Learner& learn) override { look(learn.state().epoch); }
  void after_fit(Learner& learn) override { look(learn.state().epoch); }

  // Saving puts a new file in the place of the old one, so that its number on the disk changes.
  void look(int64_t epoch) {
    if (!fs::exists(folder)) return;
    for (const auto& entry : fs::directory_iterator(folder)) {
      struct stat status {};
      ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
      if (seen[entry.path()] == status.st_ino) continue;
      seen[entry.path()] = status.st_ino;
      saved.emplace_back(epoch, entry.path().stem().string());
    }
  }

  fs::path folder;
  std::map<fs::path, ino_t> seen;
  std::vector<std::pair<int64_t, std::string>> saved;
};

void GoldenLearnerTrace::check_tracker(const Json& c) {
  const Json& inputs = c.at("inputs");
  const Json& expected = c.at("expected");
  const test::TempDir folder;
  test::RecordingReporter reporter;
  const auto values = inputs.at("scripted_values").as_doubles();
  const MetricSpec scripted(
      "scripted_loss", [values] { return std::make_unique<Scripted>(values); }, Better::lower);
  const auto call = calls_of(inputs.at("call").as_string()).at(0);
  Learner learn = make_learner(train_loader(usual_sizes()),
                               {.metrics = {scripted}, .opt_func = sgd, .path = folder.path()});
  learn.set_reporter(reporter);
  Json cb = inputs.at("kwargs");
  cb["name"] = inputs.at("cb");
  Callbacks callbacks = callbacks_of(&cb);
  const auto tracker = std::dynamic_pointer_cast<TrackerCallback>(callbacks.at(0));
  const auto trace = std::make_shared<Trace>();
  const auto files = std::make_shared<SavedFiles>(folder / "models");
  callbacks.push_back(trace);
  callbacks.push_back(files);
  make_call(learn, call, callbacks);

  EXPECT_EQ(trace->epochs, expected.at("epochs_run").as_ints());
  expect_series(trace->lr_at_start, expected.at("lr_at_epoch_start").as_doubles(), 0, 1e-12, "lr");
  EXPECT_EQ(reporter.notes, expected.at("printed").as_strings());
  if (!expected.at("best").is_null()) {
    EXPECT_EQ(tracker->best(), expected.at("best").as_double());
  }
  // EarlyStopping has the last word (order 63), so that the trace (100) does not see that epoch
  // end.
  auto ends = expected.at("params_l1_at_each_epoch_end").as_doubles();
  ends.resize(std::min(ends.size(), trace->l1_at_end.size()));
  EXPECT_GE(ends.size() + 1, trace->epochs.size());
  expect_series(trace->l1_at_end, ends, abs("params"), golden_->rel("params"), "l1 at end");
  test::expect_close(l1_of(learn.network().module()), expected.at("params_l1_final").as_double(),
                     abs("params"), golden_->rel("params"), "l1 final");
  std::vector<std::pair<int64_t, std::string>> saved;
  for (const Json& entry : expected.at("saved").as_array())
    saved.emplace_back(entry.as_array()[0].as_int(), entry.as_array()[1].as_string());
  EXPECT_EQ(files->saved, saved);
  if (const Json* names = expected.find("files")) {
    for (const auto& name : names->as_strings())
      EXPECT_TRUE(fs::exists(folder / "models" / fs::path(name).replace_extension(".safetensors")));
  }
}

TEST_F(GoldenLearnerTrace, TrackersActAtTheSameEpochs) {
  int64_t checked = 0;
  for (const Json* c : golden_->cases("tracker_")) {
    if (!c->at("inputs").contains("scripted_values")) continue;
    SCOPED_TRACE(c->at("name").as_string());
    check_tracker(*c);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST_F(GoldenLearnerTrace, TheMetricSaysWhichWayIsBetterNotItsName) {
  const Recorder recorder({metrics::accuracy, metrics::error_rate, metrics::mae});
  for (const Json* c : golden_->cases("tracker_default_comp")) {
    const std::string& monitor = c->at("inputs").at("monitor").as_string();
    SCOPED_TRACE(monitor);
    const bool fastai_lower = c->at("expected").at("comp").as_string() == "less";
    // fastai goes by the words "loss" and "error" in the name (docs/differences.md).
    EXPECT_EQ(fastai_lower, monitor.find("loss") != std::string::npos ||
                                monitor.find("error") != std::string::npos);
    const bool lower = recorder.better(monitor) == Better::lower;
    EXPECT_EQ(lower, fastai_lower || monitor == "mae");
  }
}

/** Writes down the events, before any other callback has its turn. */
struct EventLog final : Callback {
  std::string_view name() const override { return "event_log"; }
  double order() const override { return -100; }
  std::vector<std::string> events;

  void before_fit(Learner&) override { events.emplace_back("before_fit"); }
  void before_epoch(Learner&) override { events.emplace_back("before_epoch"); }
  void before_train(Learner&) override { events.emplace_back("before_train"); }
  void before_batch(Learner&) override { events.emplace_back("before_batch"); }
  void after_pred(Learner&) override { events.emplace_back("after_pred"); }
  void after_loss(Learner&) override { events.emplace_back("after_loss"); }
  void before_backward(Learner&) override { events.emplace_back("before_backward"); }
  void after_cancel_backward(Learner&) override { events.emplace_back("after_cancel_backward"); }
  void after_backward(Learner&) override { events.emplace_back("after_backward"); }
  void before_step(Learner&) override { events.emplace_back("before_step"); }
  void after_cancel_step(Learner&) override { events.emplace_back("after_cancel_step"); }
  void after_step(Learner&) override { events.emplace_back("after_step"); }
  void after_cancel_batch(Learner&) override { events.emplace_back("after_cancel_batch"); }
  void after_batch(Learner&) override { events.emplace_back("after_batch"); }
  void after_cancel_train(Learner&) override { events.emplace_back("after_cancel_train"); }
  void after_train(Learner&) override { events.emplace_back("after_train"); }
  void before_validate(Learner&) override { events.emplace_back("before_validate"); }
  void after_cancel_validate(Learner&) override { events.emplace_back("after_cancel_validate"); }
  void after_validate(Learner&) override { events.emplace_back("after_validate"); }
  void after_cancel_epoch(Learner&) override { events.emplace_back("after_cancel_epoch"); }
  void after_epoch(Learner&) override { events.emplace_back("after_epoch"); }
  void after_cancel_fit(Learner&) override { events.emplace_back("after_cancel_fit"); }
  void after_fit(Learner&) override { events.emplace_back("after_fit"); }
};

/** Asks for a stop when the log holds `event` for the n-th time. */
struct StopAt final : Callback {
  StopAt(std::shared_ptr<EventLog> seen, std::string at, int64_t times, Stop stage)
      : log(std::move(seen)), event(std::move(at)), nth(times), stop(stage) {}
  std::string_view name() const override { return "stop_at"; }
  double order() const override { return 5; }

  void look(Learner& learn) {
    if (done || log->events.back() != event ||
        std::count(log->events.begin(), log->events.end(), event) != nth)
      return;
    done = true;
    learn.request_stop(stop);
  }
  void before_fit(Learner& learn) override { look(learn); }
  void before_epoch(Learner& learn) override { look(learn); }
  void before_train(Learner& learn) override { look(learn); }
  void before_batch(Learner& learn) override { look(learn); }
  void after_pred(Learner& learn) override { look(learn); }
  void after_loss(Learner& learn) override { look(learn); }
  void before_backward(Learner& learn) override { look(learn); }
  void after_backward(Learner& learn) override { look(learn); }
  void before_step(Learner& learn) override { look(learn); }
  void after_step(Learner& learn) override { look(learn); }
  void after_batch(Learner& learn) override { look(learn); }
  void after_train(Learner& learn) override { look(learn); }
  void before_validate(Learner& learn) override { look(learn); }
  void after_validate(Learner& learn) override { look(learn); }

  std::shared_ptr<EventLog> log;
  std::string event;
  int64_t nth;
  Stop stop;
  bool done = false;
};

/** The stop that led to this list: its stage, and the event before its after_cancel. */
std::shared_ptr<StopAt> stop_of(const std::vector<std::string>& events,
                                const std::shared_ptr<EventLog>& log) {
  static const std::map<std::string, Stop> stops = {
      {"batch", Stop::batch},       {"step", Stop::step},   {"backward", Stop::backward},
      {"train", Stop::train},       {"epoch", Stop::epoch}, {"fit", Stop::fit},
      {"validate", Stop::validate},
  };
  const std::string prefix = "after_cancel_";
  const auto cancel = std::find_if(events.begin(), events.end(),
                                   [&](const auto& event) { return event.starts_with(prefix); });
  const std::string& event = *(cancel - 1);
  return std::make_shared<StopAt>(log, event, std::count(events.begin(), cancel, event),
                                  stops.at(cancel->substr(prefix.size())));
}

TEST_F(GoldenLearnerTrace, EventsComeInTheSameOrder) {
  const Json& c = golden_->named("events");
  const auto train_sizes =
      std::vector<int64_t>(static_cast<size_t>(c.at("inputs").at("n_train_batches").as_int()), 4);
  const auto n_valid = c.at("inputs").at("n_valid_batches").as_int();
  const auto valid = test::slices(golden_tensor(golden_->file().at("valid_x")),
                                  golden_tensor(golden_->file().at("valid_y")),
                                  std::vector<int64_t>(static_cast<size_t>(n_valid), 4));
  const int64_t features = golden_->file().at("train_x").at("shape").as_ints()[1];
  for (const auto& [name, expected] : c.at("expected").as_object()) {
    SCOPED_TRACE(name);
    const auto events = expected.as_strings();
    const auto log = std::make_shared<EventLog>();
    Learner learn(DataLoaders(train_loader(train_sizes), valid), nn::Linear(features, 1),
                  {.loss = losses::mse(), .callbacks = {log}});
    if (name == "validate") {
      learn.validate();
    } else if (name.starts_with("get_preds")) {
      learn.get_preds();  // calls no callback: docs/differences.md
      EXPECT_TRUE(log->events.empty());
      continue;
    } else if (name.starts_with("cancel_")) {
      learn.fit(1, {.callbacks = {stop_of(events, log)}});
    } else {
      learn.fit(std::count(events.begin(), events.end(), "before_epoch"));
    }
    EXPECT_EQ(log->events, events);
  }
}

TEST_F(GoldenLearnerTrace, CallbacksRunInTheSameOrder) {
  static const std::map<std::string, std::string> ours = {
      {"TrainEvalCallback", "train_eval"},
      {"Recorder", "recorder"},
      {"ProgressCallback", "progress"},
      {"GradientClip", "gradient_clip"},
      {"GradientAccumulation", "gradient_accumulation"},
      {"EarlyStoppingCallback", "early_stopping"},
      {"SaveModelCallback", "save_model"},
      {"ReduceLROnPlateau", "reduce_lr_on_plateau"},
      {"TerminateOnNaNCallback", "terminate_on_nan"},
      {"MixUp", "mixup"},
      {"CSVLogger", "csv_logger"},
      {"ParamScheduler", "param_scheduler"},
      {"ShortEpochCallback", "short_epoch"},
  };
  const Json& c = golden_->named("callback_order");
  Learner learn = make_learner(train_loader(usual_sizes()), {});
  for (const auto& name : c.at("inputs").at("added").as_strings()) {
    const auto found = ours.find(name);
    if (found == ours.end()) continue;  // CastToTensor: batches hold plain tensors here
    if (const auto* entry = registry<CallbackEntry>().find(found->second)) learn.add(entry->make());
    if (found->second == "param_scheduler")
      learn.add(std::make_shared<ParamScheduler>(HyperSchedules()));
  }
  std::map<std::string, double> orders;
  std::vector<std::string> present;
  for (const auto& callback : learn.callbacks()) {
    orders[std::string(callback->name())] = callback->order();
    present.emplace_back(callback->name());
  }
  std::vector<std::string> expected;
  for (const Json& row : c.at("expected").at("sorted").as_array()) {
    const auto found = ours.find(row.as_array()[0].as_string());
    if (found == ours.end() || !orders.contains(found->second)) continue;
    EXPECT_EQ(orders.at(found->second), row.as_array()[1].as_double()) << found->second;
    expected.push_back(found->second);
  }
  EXPECT_GE(expected.size(), ours.size() - 1);  // but for those that another unit brings
  EXPECT_EQ(present, expected);
}

}  // namespace
}  // namespace linnet
