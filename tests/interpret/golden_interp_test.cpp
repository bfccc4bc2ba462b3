#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

#include "linnet/core/strings.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/interpret/interpretation.h"
#include "linnet/metric/accuracy.h"
#include "linnet/nn/losses.h"
#include "support/golden.h"

namespace linnet::test {
namespace {

std::vector<Label> labels(const Json& names) {
  std::vector<Label> result;
  for (const auto& name : names.as_strings()) result.emplace_back(name);
  return result;
}

// A model that gives what the file says the model gave: its inputs.
Learner learner_of(const Json& inputs, int64_t bs) {
  const auto loader = std::make_shared<TensorLoader>(
      std::vector{golden_tensor(inputs.at("logits"))},
      std::vector{golden_tensor(inputs.at("targs"))}, LoaderOptions{.bs = bs});
  return Learner(
      DataLoaders(loader, loader), torch::nn::Identity(),
      {.metrics = {metrics::accuracy, metrics::error_rate}, .loss = losses::cross_entropy()});
}

class GoldenInterp : public testing::Test {
 protected:
  // What is checked of every case.
  template <class Check>
  void each(Check check) {
    const Golden golden("interp");
    for (const Json* row : golden.cases()) {
      const Json& inputs = row->at("inputs");
      const std::string& name = row->at("name").as_string();
      SCOPED_TRACE(name);
      const CategoryBlock block({.vocab = labels(inputs.at("vocab_given"))});
      EXPECT_EQ(block.vocab(), labels(inputs.at("vocab")));
      for (const int64_t bs : {64, 7}) {
        const Learner learn = learner_of(inputs, bs);
        const ClassificationInterpretation interp(Interpretation::from_learner(learn),
                                                  block.vocab());
        check(golden, row->at("expected"), interp);
      }
    }
  }
};

TEST_F(GoldenInterp, CountsWhatIsTakenForWhat) {
  each([](const Golden&, const Json& expected, const ClassificationInterpretation& interp) {
    EXPECT_TRUE(interp.confusion_matrix().equal(golden_tensor(expected.at("confusion_matrix"))));
    EXPECT_EQ(interp.decoded().sizes()[0], interp.size());
    const auto decoded = expected.at("decoded").as_ints();
    EXPECT_TRUE(interp.decoded().equal(torch::tensor(decoded)));
    const std::vector<std::pair<const char*, int64_t>> wanted = {{"most_confused", 1},
                                                                 {"most_confused_min2", 2}};
    for (const auto& [key, least] : wanted) {
      const auto found = interp.most_confused(least);
      const auto& rows = expected.at(key).as_array();
      ASSERT_EQ(found.size(), rows.size());
      for (size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i].as_array();
        EXPECT_EQ(found[i].actual.text(), row[0].as_string()) << key << ' ' << i;
        EXPECT_EQ(found[i].predicted.text(), row[1].as_string()) << key << ' ' << i;
        EXPECT_EQ(found[i].count, row[2].as_int()) << key << ' ' << i;
      }
    }
  });
}

TEST_F(GoldenInterp, OrdersItemsByTheirLoss) {
  each([](const Golden& golden, const Json& expected, const ClassificationInterpretation& interp) {
    const double abs = golden.abs("losses"), rel = golden.rel("losses");
    expect_close(interp.losses(), golden_tensor(expected.at("losses")), abs, rel, "losses");
    EXPECT_TRUE(
        interp.top_losses().indices.equal(torch::tensor(expected.at("top_losses_idx").as_ints())));
    const auto top = interp.top_losses(5);
    EXPECT_TRUE(top.indices.equal(torch::tensor(expected.at("top5_idx").as_ints())));
    expect_close(top.losses, torch::tensor(expected.at("top5").as_doubles()), abs, rel, "top5");
    EXPECT_TRUE(interp.top_losses(5, false).indices.equal(
        torch::tensor(expected.at("bottom5_idx").as_ints())));
    const auto first = golden_tensor(expected.at("probs_first3"));
    expect_close(interp.preds().narrow(0, 0, first.size(0)), first, abs, rel, "probs_first3");
  });
}

TEST_F(GoldenInterp, ReportsByClass) {
  each([](const Golden& golden, const Json& expected, const ClassificationInterpretation& interp) {
    const auto report = interp.report();
    const Json& rows = expected.at("report");
    const auto same = [&](const ClassScore& score, const Json& row, const std::string& name) {
      const double abs = golden.abs("report"), rel = golden.rel("report");
      expect_close(score.precision, row.at("precision").as_double(), abs, rel, name);
      expect_close(score.recall, row.at("recall").as_double(), abs, rel, name);
      expect_close(score.f1, row.at("f1-score").as_double(), abs, rel, name);
      EXPECT_EQ(static_cast<double>(score.count), row.at("support").as_double()) << name;
    };
    for (const auto& score : report.classes) same(score, rows.at(score.label), score.label);
    same(report.macro_avg, rows.at("macro avg"), "macro avg");
    same(report.weighted_avg, rows.at("weighted avg"), "weighted avg");
    expect_close(report.accuracy, rows.at("accuracy").as_double(), golden.abs("report"),
                 golden.rel("report"), "accuracy");
    EXPECT_EQ(split(classification_report(report), '\n'), expected.at("report_text").as_strings());
  });
}

TEST_F(GoldenInterp, AgreesWithValidate) {
  const Golden golden("interp");
  for (const Json* row : golden.cases()) {
    SCOPED_TRACE(row->at("name").as_string());
    Learner learn = learner_of(row->at("inputs"), 64);
    const auto expected = row->at("expected").at("validate").as_doubles();
    const auto found = learn.validate();
    const double abs = golden.abs("losses"), rel = golden.rel("losses");
    expect_close(found.loss, expected.at(0), abs, rel, "loss");
    for (size_t i = 0; i < found.metrics.size(); ++i) {
      expect_close(found.metrics[i].second, expected.at(i + 1), abs, rel, found.metrics[i].first);
    }
  }
}

}  // namespace
}  // namespace linnet::test
