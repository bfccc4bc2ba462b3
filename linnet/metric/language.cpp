#include "linnet/metric/language.h"

#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "linnet/metric/checks.h"

namespace linnet::metrics {
namespace {

class Perplexity final : public Metric {
 public:
  explicit Perplexity(int64_t axis) : axis_(axis) {}

  void reset() override { mean_.reset(); }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    detail::require_classes(perplexity.name, pred, target, axis_);
    const torch::Tensor logs = pred.log_softmax(axis_).movedim(axis_, -1);
    const torch::Tensor chosen =
        logs.reshape({-1, logs.size(-1)}).gather(1, target.reshape({-1, 1}).to(torch::kLong));
    mean_.add(-chosen.to(torch::kDouble).sum().item<double>(), target.numel());
  }
  double value() const override { return std::exp(mean_.mean(perplexity.name)); }

 private:
  int64_t axis_;
  detail::RunningMean mean_;
};

using Words = std::vector<int64_t>;

std::map<Words, int64_t> runs_of(const Words& words, size_t n) {
  std::map<Words, int64_t> counts;
  for (size_t i = 0; i + n <= words.size(); ++i) {
    ++counts[Words(words.begin() + static_cast<std::ptrdiff_t>(i),
                   words.begin() + static_cast<std::ptrdiff_t>(i + n))];
  }
  return counts;
}

int64_t matches(const std::map<Words, int64_t>& pred, const std::map<Words, int64_t>& target) {
  int64_t sum = 0;
  for (const auto& [run, count] : pred) {
    const auto found = target.find(run);
    if (found != target.end()) sum += std::min(count, found->second);
  }
  return sum;
}

class CorpusBleu final : public Metric {
 public:
  explicit CorpusBleu(int64_t axis) : axis_(axis) {}

  void reset() override {
    right_ = {};
    runs_ = {};
    pred_words_ = target_words_ = 0;
  }
  void update(const torch::Tensor& pred, const torch::Tensor& target) override {
    const torch::Tensor decided = detail::argmax_like(corpus_bleu.name, pred, target, axis_);
    const torch::Tensor targets = target.reshape_as(decided);
    for (int64_t row = 0; row < decided.size(0); ++row) {
      add(words_of(decided[row]), words_of(targets[row]));
    }
  }
  double value() const override {
    detail::require_rows(corpus_bleu.name, pred_words_);
    double product = 1;
    for (size_t i = 0; i < kLongest; ++i) product *= runs_[i] > 0 ? right_[i] / runs_[i] : 0;
    const double shortness =
        pred_words_ < target_words_
            ? std::exp(1 - static_cast<double>(target_words_) / static_cast<double>(pred_words_))
            : 1;
    return shortness * std::pow(product, 1.0 / kLongest);
  }

 private:
  static constexpr size_t kLongest = 4;

  static Words words_of(const torch::Tensor& row) {
    const torch::Tensor words = row.to(torch::kCPU, torch::kLong).contiguous();
    return {words.data_ptr<int64_t>(), words.data_ptr<int64_t>() + words.numel()};
  }

  void add(const Words& pred, const Words& target) {
    pred_words_ += static_cast<int64_t>(pred.size());
    target_words_ += static_cast<int64_t>(target.size());
    double smooth = 1;
    for (size_t n = 1; n <= kLongest; ++n) {
      const int64_t right = matches(runs_of(pred, n), runs_of(target, n));
      if (right == 0) smooth /= 2;
      right_[n - 1] += right == 0 ? smooth : static_cast<double>(right);
      runs_[n - 1] += pred.size() < n ? 0 : static_cast<double>(pred.size() - n + 1);
    }
  }

  int64_t axis_;
  std::array<double, kLongest> right_ = {};
  std::array<double, kLongest> runs_ = {};
  int64_t pred_words_ = 0;
  int64_t target_words_ = 0;
};

}  // namespace

std::unique_ptr<Metric> make_perplexity(const PerplexityOptions& options) {
  return std::make_unique<Perplexity>(options.axis);
}
std::unique_ptr<Metric> make_corpus_bleu(const CorpusBleuOptions& options) {
  return std::make_unique<CorpusBleu>(options.axis);
}

const Registered<MetricRow> perplexity_row{perplexity};
const Registered<MetricRow> corpus_bleu_row{corpus_bleu};

}  // namespace linnet::metrics
