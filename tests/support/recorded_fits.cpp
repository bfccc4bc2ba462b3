
#include "support/recorded_fits.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <fmt/format.h>

#include "linnet/core/strings.h"
#include "linnet/io/weights.h"
#include "linnet/nn/losses.h"
#include "linnet/nn/stack.h"
#include "linnet/optim/adam.h"
#include "linnet/optim/sgd.h"
#include "linnet/train/callbacks/bn_freeze.h"
#include "linnet/train/callbacks/gradient_accumulation.h"
#include "linnet/train/callbacks/gradient_clip.h"
#include "linnet/train/callbacks/short_epoch.h"
#include "linnet/train/callbacks/tracker.h"
#include "support/slices_loader.h"

namespace linnet::test {

namespace nn = torch::nn;

namespace {

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

}  // namespace

std::vector<RecordedCall> calls_of(const std::string& text) {
  std::vector<RecordedCall> calls;
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
    RecordedCall call{.name = text.substr(begin, open - begin), .positional = {}, .named = {}};
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

namespace {

LearningRate rate_of(const std::string& text) {
  if (!text.starts_with("slice(")) return std::stod(text);
  const auto parts = top_level_parts(text.substr(6, text.size() - 7));
  return parts.size() == 1 ? slice(std::stod(parts[0]))
                           : slice(std::stod(parts[0]), std::stod(parts[1]));
}

std::optional<LearningRate> rate_in(const RecordedCall& call, size_t position) {
  if (call.positional.size() <= position) return std::nullopt;
  return rate_of(call.positional[position]);
}

std::optional<double> number_in(const RecordedCall& call, const std::string& name) {
  const auto found = call.named.find(name);
  if (found == call.named.end()) return std::nullopt;
  return std::stod(found->second);
}

}  // namespace

void make_call(Learner& learn, const RecordedCall& call, const Callbacks& callbacks) {
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

void RecordedFits::SetUp() { golden_.emplace("learner_trace"); }

std::shared_ptr<const DataLoader> RecordedFits::train_loader(const std::vector<int64_t>& sizes,
                                                             int64_t seed) const {
  torch::manual_seed(static_cast<uint64_t>(seed));
  std::vector<torch::Tensor> order;
  int64_t begin = 0;
  for (const int64_t size : sizes) {
    order.push_back(begin + (seed > 0 ? torch::randperm(size) : torch::arange(size)));
    begin += size;
  }
  const auto rows = torch::cat(order);
  return slices(golden_tensor(golden_->file().at("train_x")).index_select(0, rows),
                golden_tensor(golden_->file().at("train_y")).index_select(0, rows), sizes);
}

Learner RecordedFits::make_learner(std::shared_ptr<const DataLoader> train,
                                   LearnerOptions options) const {
  const auto valid = slices(golden_tensor(golden_->file().at("valid_x")),
                            golden_tensor(golden_->file().at("valid_y")),
                            golden_->file().at("valid_batch_sizes").as_ints());
  StateDict state;
  for (const auto& [name, tensor] : golden_->file().at("init_state").as_object())
    state.add(name, golden_tensor(tensor));
  const auto& first = state.at("0.weight");
  const auto& last = state.at("3.weight");
  Stack model(nn::Linear(first.size(1), first.size(0)), nn::BatchNorm1d(first.size(0)), nn::ReLU(),
              nn::Linear(last.size(1), last.size(0)));
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

std::vector<int64_t> RecordedFits::usual_sizes() const {
  return golden_->named("fit_sgd").at("inputs").at("batch_sizes").as_ints();
}

void RecordedFits::expect_series(const std::vector<double>& actual,
                                 const std::vector<double>& expected, double absolute,
                                 double relative, const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i)
    expect_close(actual[i], expected[i], absolute, relative, fmt::format("{} {}", what, i));
}

}  // namespace linnet::test
