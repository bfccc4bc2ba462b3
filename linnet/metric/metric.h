#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "linnet/core/registry.h"

namespace linnet {

/** A number that tells how good a model is, gathered batch by batch.
 *
 *      const std::unique_ptr<Metric> metric = accuracy.make();
 *      metric->reset();
 *      metric->update(pred, target);   // and so with each batch
 *      std::cout << metric->value();
 *
 *  `pred` is what the model gave, before the loss's activation, on any device; a metric that wants
 * probabilities takes the softmax or sigmoid itself, as in fastai, and says so. `target` is as the
 * loss gets it. Not to be shared between threads.
 */
class Metric {
 public:
  virtual ~Metric() = default;

  /** Forgets all batches. */
  virtual void reset() = 0;
  /** Takes in one batch. UsageError when pred and target do not fit each other. */
  virtual void update(const torch::Tensor& pred, const torch::Tensor& target) = 0;
  /** The metric over all batches since `reset`. UsageError when there were none. */
  virtual double value() const = 0;
};

/** Which way a metric improves; trackers ask it instead of guessing from the name. */
enum class Better { higher, lower };

/** A metric's public name and registry row at once: `inline constexpr MetricRow error_rate{...}` in
 * linnet::metrics. */
struct MetricRow {
  std::string_view name;
  std::unique_ptr<Metric> (*make)();
  Better better;
};

template <>
Registry<MetricRow>& registry<MetricRow>();

/** A metric that a Learner is asked for: a row, or what a row gives when it is configured.
 *
 *      LearnerOptions options{.metrics = {error_rate, top_k_accuracy(3)}};
 *      options.metrics.push_back(f1_score({.average = Average::macro}));
 */
class MetricSpec {
 public:
  MetricSpec(const MetricRow& row)  // NOLINT(google-explicit-constructor)
      : name_(row.name), make_(row.make), better_(row.better) {}
  MetricSpec(std::string_view name, std::function<std::unique_ptr<Metric>()> make, Better better)
      : name_(name), make_(std::move(make)), better_(better) {}

  /** The column's name in the table. */
  const std::string& name() const { return name_; }
  Better better() const { return better_; }
  std::unique_ptr<Metric> make() const { return make_(); }

  /** The same metric under another name, so that two of a kind have columns of their own. */
  MetricSpec named(std::string_view name) const { return {name, make_, better_}; }

 private:
  std::string name_;
  std::function<std::unique_ptr<Metric>()> make_;
  Better better_;
};

/** A metric from a function of all predictions and targets, in the dtypes and shapes that they
 * have, joined on the CPU: [n, ...] each. As any metric's, predictions are the model's, before the
 * loss's activation.
 *
 *      auto within_2 = metric("within_2", [](const torch::Tensor& pred, const torch::Tensor& y) {
 *        return ((pred.squeeze(1) - y).abs() <= 2).to(torch::kDouble).mean().item<double>();
 *      }, Better::higher);
 *
 *  source  fastai 2.7 AccumMetric
 */
MetricSpec metric(
    std::string_view name,
    std::function<double(const torch::Tensor& preds, const torch::Tensor& targets)> function,
    Better better);

/** A row that may also be configured: `top_k_accuracy` takes k = 5, `top_k_accuracy(3)` another.
 * The registry holds the row itself. */
template <class Options>
struct ConfigurableMetric : MetricRow {
  std::unique_ptr<Metric> (*configure)(const Options& options);

  MetricSpec operator()(const Options& options) const {
    return {name, [configure = configure, options] { return configure(options); }, better};
  }
};

namespace detail {

/** UsageError, saying that `metric` has seen no rows, when `rows` is 0. */
void require_rows(std::string_view metric, int64_t rows);

/** Sum over rows and number of rows: the mean of all, however they were cut into batches. */
class RunningMean {
 public:
  void add(double sum, int64_t rows);
  void reset() { *this = RunningMean(); }
  double mean(std::string_view metric) const;

 private:
  double sum_ = 0;
  int64_t rows_ = 0;
};

}  // namespace detail
}  // namespace linnet
