#include "linnet/interpret/baseline.h"

#include <torch/utils.h>

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/timer.h"
#include "linnet/interpret/ridge.h"

namespace linnet {

namespace {

constexpr const char* kBaselineWhere = "baselines";

/** What the targets are, and how good outputs for them are. Outputs are float [n, outputs]. */
class Task {
 public:
  explicit Task(const Block& target) : kind_(target->kind()), c_(target->c()) {
    if (kind_ != Kind::category && kind_ != Kind::categories && kind_ != Kind::number &&
        kind_ != Kind::points) {
      throw UsageError(kBaselineWhere,
                       fmt::format("there are none for targets of kind '{}'", to_string(kind_)));
    }
  }

  bool has_classes() const { return kind_ == Kind::category; }
  bool is_number() const { return kind_ == Kind::number || kind_ == Kind::points; }
  int64_t outputs() const { return c_; }

  // A batch's targets as float [n, outputs]: classes as one mark, several labels as their marks.
  torch::Tensor wanted(const torch::Tensor& y) const {
    if (has_classes()) return torch::one_hot(y.to(torch::kLong), c_).to(torch::kFloat);
    return y.to(torch::kFloat).reshape({y.size(0), -1});
  }

  double score(const torch::Tensor& out, const torch::Tensor& y) const {
    if (is_number()) return (out - y).abs().mean().item<double>();
    if (has_classes()) return right(out.argmax(1), y.argmax(1));
    return right(out.gt(0.5), y.gt(0.5));
  }

  // Larger is better.
  double gain(const torch::Tensor& out, const torch::Tensor& y) const {
    return is_number() ? -score(out, y) : score(out, y);
  }

 private:
  static double right(const torch::Tensor& a, const torch::Tensor& b) {
    return a.eq(b).to(torch::kDouble).mean().item<double>();
  }

  Kind kind_;
  int64_t c_;
};

torch::Tensor pooled(const torch::Tensor& pictures, int64_t size) {
  return torch::adaptive_avg_pool2d(pictures, {size, size}).flatten(1);
}

/** What the baselines need of one side's pictures. */
struct Side {
  torch::Tensor y;         // [n, outputs]
  torch::Tensor pixels;    // [n, channels * size * size]
  torch::Tensor features;  // [n, features]; undefined without a body
  torch::Tensor sums;      // of the training side: [outputs, ...] of average pictures
  torch::Tensor decided;   // of the validation side: [n, outputs] by the nearest average picture
};

std::shared_ptr<const DataLoader> loader_for(const DataLoaders& dls, const Dataset& items) {
  std::vector<Dataset::Sources> rows;
  rows.reserve(static_cast<size_t>(items.size()));
  for (int64_t i = 0; i < items.size(); ++i) rows.push_back(items[i]);
  return dls.test_dl(std::move(rows));
}

// Squared distances of a [n, d] to b [m, d] as outputs: the nearest has the largest.
torch::Tensor nearness(const torch::Tensor& a, const torch::Tensor& b) {
  return -torch::cdist(a, b);
}

class Reader {
 public:
  Reader(const DataLoaders& dls, const Task& task, const BaselineOptions& options)
      : dls_(dls), task_(task), options_(options) {}

  // `means` [classes, ...] of the training side, when it is the validation side that is read.
  Side read(const Dataset& items, const char* name, const torch::Tensor& means) const {
    std::vector<torch::Tensor> y, pixels, features, decided;
    Side side;
    const auto loader = loader_for(dls_, items);
    const auto stream = loader->stream(0);
    int64_t done = 0;
    while (const auto batch = stream->next()) {
      check(*batch);
      const auto& pictures = batch->x[0].data;
      y.push_back(task_.wanted(batch->y[0].data).cpu());
      pixels.push_back(pooled(pictures, options_.pixel_size).cpu());
      if (options_.features) features.push_back(options_.features(pictures).cpu());
      if (task_.has_classes())
        add_means(pooled(pictures, options_.mean_size).cpu(), y.back(), means, side, decided);
      done += batch->size();
      tell(name, done, loader->items());
    }
    if (y.empty()) throw UsageError(kBaselineWhere, "got no items");
    side.y = torch::cat(y);
    side.pixels = torch::cat(pixels);
    if (!features.empty()) side.features = torch::cat(features);
    if (!decided.empty()) side.decided = torch::cat(decided);
    return side;
  }

 private:
  static void check(const Batch& batch) {
    if (!batch.x.empty() && batch.x[0].kind == Kind::image && !batch.y.empty()) return;
    throw UsageError(kBaselineWhere, "expected labelled pictures");
  }

  static void add_means(const torch::Tensor& pictures, const torch::Tensor& y,
                        const torch::Tensor& means, Side& side,
                        std::vector<torch::Tensor>& decided) {
    if (means.defined()) {
      decided.push_back(nearness(pictures, means));
      return;
    }
    const auto sums = y.t().mm(pictures);
    side.sums = side.sums.defined() ? side.sums + sums : sums;
  }

  void tell(const char* name, int64_t done, int64_t total) const {
    options_.reporter->bar({.phase = fmt::format("reading {}", name),
                            .unit = "pictures",
                            .done = done,
                            .total = total});
  }

  const DataLoaders& dls_;
  const Task& task_;
  const BaselineOptions& options_;
};

// What is most frequent, for every item: the mean of numbers, and of marks the class or the labels
// that most items have.
torch::Tensor constant_outputs(const Side& train, const Side& valid) {
  return train.y.mean(0, true).expand_as(valid.y);
}

Baseline linear(std::string name, const Task& task, const torch::Tensor& train_x, const Side& train,
                const torch::Tensor& valid_x, const Side& valid) {
  const double began = seconds_now();
  const detail::Ridge ridge(train_x, train.y,
                            [&task](const auto& out, const auto& y) { return task.gain(out, y); });
  const double score = task.score(ridge(valid_x), valid.y);
  return {std::move(name), score, seconds_now() - began};
}

}  // namespace

Json BaselineReport::to_json() const {
  Json list(Json::Array{});
  for (const Baseline& row : rows) {
    list.push_back(Json{{"name", row.name}, {"score", row.score}, {"seconds", row.seconds}});
  }
  return Json{{"metric", metric},
              {"better", better == Better::higher ? "higher" : "lower"},
              {"train", train},
              {"valid", valid},
              {"baselines", list}};
}

BaselineReport baselines(const DataLoaders& dls, const BaselineOptions& options) {
  const torch::NoGradGuard no_grad;
  const Task task(dls.pipeline().target());
  const Reader reader(dls, task, options);
  const Side train = reader.read(dls.train_ds(), "training pictures", {});
  torch::Tensor means;
  if (task.has_classes()) means = train.sums / train.y.sum(0).clamp_min(1).unsqueeze(1);
  const Side valid = reader.read(dls.valid_ds(), "validation pictures", means);

  BaselineReport report{.metric = task.is_number()     ? "mae"
                                  : task.has_classes() ? "accuracy"
                                                       : "accuracy_multi",
                        .better = task.is_number() ? Better::lower : Better::higher,
                        .train = train.y.size(0),
                        .valid = valid.y.size(0)};
  report.rows.push_back({task.is_number()     ? "mean of the training set"
                         : task.has_classes() ? "majority class"
                                              : "majority of each label",
                         task.score(constant_outputs(train, valid), valid.y), 0});
  if (task.has_classes()) {
    report.rows.push_back({"nearest average picture", task.score(valid.decided, valid.y), 0});
  }
  report.rows.push_back(linear(fmt::format("linear model on {0} x {0} pixels", options.pixel_size),
                               task, train.pixels, train, valid.pixels, valid));
  if (train.features.defined()) {
    report.rows.push_back(
        linear(fmt::format("linear model on frozen features of {}", options.features_name), task,
               train.features, train, valid.features, valid));
  }
  return report;
}

}  // namespace linnet
