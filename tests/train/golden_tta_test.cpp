#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "linnet/data/blocks/category.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/nn/losses.h"
#include "linnet/train/learner.h"
#include "support/golden.h"
#include "support/slices_loader.h"

namespace linnet {
namespace {

using test::Golden;
using test::golden_tensor;

Loss loss_named(const std::string& name) {
  if (name == "ce") return losses::cross_entropy();
  return name == "bce" ? losses::bce_with_logits() : losses::mse();
}

/** Cuts n rows into batches of bs. */
std::vector<int64_t> sizes_of(int64_t n, int64_t bs) {
  std::vector<int64_t> sizes;
  for (int64_t begin = 0; begin < n; begin += bs) sizes.push_back(std::min(bs, n - begin));
  return sizes;
}

/** Gives the plain scores, and when items are treated as in training those of each pass. */
class PassLoader final : public DataLoader {
 public:
  PassLoader(torch::Tensor plain, std::vector<torch::Tensor> passes, torch::Tensor y, int64_t bs)
      : plain_(std::move(plain)), passes_(std::move(passes)), y_(std::move(y)), bs_(bs) {}

  int64_t batches() const override { return (items() + bs_ - 1) / bs_; }
  int64_t items() const override { return plain_.size(0); }
  std::unique_ptr<BatchStream> stream(int64_t epoch) const override {
    const auto& x = passes_.empty() ? plain_ : passes_.at(static_cast<size_t>(epoch));
    return test::slices(x, y_, sizes_of(items(), bs_))->stream(0);
  }
  std::shared_ptr<const DataLoader> in_order(std::optional<Split> treated_as) const override {
    const bool random = treated_as == Split::train;
    return std::make_shared<PassLoader>(plain_, random ? passes_ : std::vector<torch::Tensor>(), y_,
                                        bs_);
  }

 private:
  torch::Tensor plain_;
  std::vector<torch::Tensor> passes_;
  torch::Tensor y_;
  int64_t bs_;
};

class GoldenTta : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("tta"); }
  void expect(const torch::Tensor& actual, const torch::Tensor& expected, const char* tolerance,
              const std::string& what) const {
    test::expect_close(actual, expected, golden_->abs(tolerance), golden_->rel(tolerance), what);
  }
  static Learner learner_on(const std::shared_ptr<const DataLoader>& loader, const Loss& loss) {
    return Learner(DataLoaders(loader, loader), test::Echo(), {.loss = loss});
  }
  std::optional<Golden> golden_;
};

TEST_F(GoldenTta, MixesAugmentedAndPlainPredictions) {
  for (const Json* c : golden_->cases("tta_")) {
    SCOPED_TRACE(c->at("name").as_string());
    const Json& inputs = c->at("inputs");
    const Json& expected = c->at("expected");
    const auto plain = golden_tensor(inputs.at("plain_logits"));
    const auto passes = golden_tensor(inputs.at("aug_logits")).unbind(0);
    const auto y = torch::arange(plain.size(0));
    const auto loader = std::make_shared<PassLoader>(plain, passes, y, inputs.at("bs").as_int());
    const Learner learn = learner_on(loader, loss_named(inputs.at("loss").as_string()));
    TtaOptions options{.n = inputs.at("n").as_int(), .use_max = inputs.at("use_max").as_bool()};
    const Json& beta = inputs.at("beta");
    if (!beta.is_null()) options.beta = beta.as_double();
    const TtaPredictions result = learn.tta(options);
    if (beta.is_null()) {  // fastai gives both sides then; here they are always there
      expect(result.augmented, golden_tensor(expected.at("aug_mean")), "preds", "aug_mean");
      expect(result.plain, golden_tensor(expected.at("plain_preds")), "preds", "plain");
    } else {
      expect(result.preds, golden_tensor(expected.at("out")), "preds", "out");
    }
    EXPECT_EQ(result.targets.equal(y), expected.at("targets_equal").as_bool());
  }
}

TEST_F(GoldenTta, GetsPredictionsDecisionsAndLosses) {
  for (const Json* c : golden_->cases("get_preds_")) {
    const Json& inputs = c->at("inputs");
    if (!inputs.contains("targs")) continue;  // get_preds_sorted, below
    SCOPED_TRACE(c->at("name").as_string());
    const Json& expected = c->at("expected");
    const auto logits = golden_tensor(inputs.at("logits"));
    const auto targets = golden_tensor(inputs.at("targs"));
    const int64_t bs = inputs.at("bs").as_int();
    const auto loader = test::slices(logits, targets, sizes_of(logits.size(0), bs));
    Learner learn = learner_on(loader, loss_named(inputs.at("loss").as_string()));
    const Predictions all =
        learn.get_preds({.with_inputs = true, .with_decoded = true, .with_losses = true});
    expect(all.preds, golden_tensor(expected.at("preds")), "preds", "preds");
    expect(all.targets, golden_tensor(expected.at("targets")), "preds", "targets");
    expect(all.decoded, golden_tensor(expected.at("decoded")), "preds", "decoded");
    expect(all.losses, golden_tensor(expected.at("losses")), "losses", "losses");
    EXPECT_EQ(all.inputs.at(0).size(0), expected.at("input_shape").as_ints()[0]);
    expect(learn.get_preds({.act = false}).preds, golden_tensor(expected.at("raw")), "preds",
           "raw");
    test::expect_close(learn.validate().loss, expected.at("validate").as_doubles()[0],
                       golden_->abs("losses"), golden_->rel("losses"), "validate");

    // A training loader, which shuffles and drops the last batch, is read in order and whole.
    const TensorLoader training({logits}, {targets},
                                {.bs = bs, .shuffle = true, .drop_last = true, .seed = 1});
    const Predictions again = learn.get_preds(training);
    EXPECT_EQ(again.preds.equal(all.preds) && again.targets.equal(all.targets),
              expected.at("train_loader_reordered").as_bool());
  }
}

/** Batches in an order of its own, which says which items they hold. */
class SortedLoader final : public DataLoader {
 public:
  SortedLoader(torch::Tensor x, torch::Tensor y, std::vector<int64_t> order, int64_t bs)
      : x_(std::move(x)), y_(std::move(y)), order_(std::move(order)), bs_(bs) {}
  int64_t batches() const override { return (items() + bs_ - 1) / bs_; }
  int64_t items() const override { return x_.size(0); }
  std::unique_ptr<BatchStream> stream(int64_t) const override {
    struct Stream final : BatchStream {
      explicit Stream(const SortedLoader& of) : loader(of) {}
      std::optional<Batch> next() override {
        if (begin >= loader.items()) return std::nullopt;
        const auto end = std::min(begin + loader.bs_, loader.items());
        Batch batch;
        batch.items = {loader.order_.begin() + begin, loader.order_.begin() + end};
        const auto rows = torch::tensor(batch.items);
        batch.x.push_back({Kind::tensor, loader.x_.index_select(0, rows)});
        batch.y.push_back({Kind::tensor, loader.y_.index_select(0, rows)});
        begin = end;
        return batch;
      }
      const SortedLoader& loader;
      int64_t begin = 0;
    };
    return std::make_unique<Stream>(*this);
  }

 private:
  torch::Tensor x_;
  torch::Tensor y_;
  std::vector<int64_t> order_;
  int64_t bs_;
};

TEST_F(GoldenTta, RestoresTheOrderOfASortedLoader) {
  const Json& c = golden_->named("get_preds_sorted");
  const auto logits = golden_tensor(c.at("inputs").at("logits"));
  const auto targets = torch::tensor(c.at("expected").at("targets").as_ints());
  const auto loader = std::make_shared<SortedLoader>(
      logits, targets, c.at("expected").at("order").as_ints(), c.at("inputs").at("bs").as_int());
  const Learner learn = learner_on(loader, losses::cross_entropy());
  const Predictions all = learn.get_preds();
  expect(all.preds, golden_tensor(c.at("expected").at("preds")), "preds", "preds");
  EXPECT_TRUE(all.targets.equal(targets));
}

/** An input that is its numbers already. */
class NumbersBlock final : public BlockImpl {
 public:
  std::string_view name() const override { return "numbers"; }
  Kind kind() const override { return Kind::tensor; }
  Value encode(const Value& source) const override { return source; }
};

TEST_F(GoldenTta, PredictsLabelIndexAndProbabilities) {
  const Json& c = golden_->named("predict");
  const auto logits = golden_tensor(c.at("inputs").at("logits"));
  std::vector<Label> vocab;
  for (const auto& label : c.at("inputs").at("vocab").as_strings()) vocab.emplace_back(label);
  auto dls = DataLoaders::without_data(
      Pipeline({.blocks = {NumbersBlock(), CategoryBlock({.vocab = vocab})}}));
  const Learner learn(std::move(dls), test::Echo(), {.loss = losses::cross_entropy()});
  const auto& results = c.at("expected").at("results").as_array();
  ASSERT_EQ(static_cast<int64_t>(results.size()), logits.size(0));
  for (size_t i = 0; i < results.size(); ++i) {
    const auto [label, index, probs] = learn.predict(Value(logits[static_cast<int64_t>(i)]));
    EXPECT_EQ(label.text(), results[i].at("label").as_string());
    EXPECT_EQ(index, results[i].at("index").as_int());
    expect(probs, torch::tensor(results[i].at("probs").as_doubles(), torch::kDouble), "preds",
           "probs " + std::to_string(i));
  }
}

}  // namespace
}  // namespace linnet
