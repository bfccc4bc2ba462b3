#include "linnet/interpret/diagrams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/data/items.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/learner.h"
#include "linnet/vision/loaders.h"
#include "linnet/vision/transforms/resize.h"
#include "support/expect_error.h"
#include "support/pictures.h"
#include "support/synth_images.h"
#include "support/synth_learner.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

// Every text of the diagram, a line each.
std::string words_of(const Diagram& diagram) {
  std::string words;
  for (const DiagramNode& node : diagram.nodes) {
    words += node.heading + '\n';
    for (const std::string& line : node.lines) words += line + '\n';
  }
  for (const DiagramCluster& cluster : diagram.clusters) words += cluster.title + '\n';
  for (const DiagramEdge& edge : diagram.edges) words += edge.label + '\n';
  return words;
}

void expect_words(const Diagram& diagram, std::initializer_list<const char*> words) {
  const std::string text = words_of(diagram);
  for (const char* word : words)
    EXPECT_NE(text.find(word), std::string::npos) << word << "\nin\n" << text;
}

TEST(TheLoopDiagram, HoldsTheLearnersOwnNamesAndNumbers) {
  auto learn = synth_image_learner({.lr = 0.004}, {.train = 16, .valid = 8, .classes = 3});
  learn.set_reporter(silent_reporter());
  learn.fit(1);
  const auto facts = training_facts(learn);
  const auto diagram = loop_diagram(learn, facts);
  expect_words(diagram, {"A program", "A model", "performance", "architecture", "parameters",
                         "predictions", "labels", "339 numbers", "lr 0.004", "pictures",
                         "3 classes: class_0, class_1, class_2", "cross_entropy", "in training",
                         "on those held out"});
  EXPECT_EQ(diagram.clusters.size(), 4U);
  EXPECT_EQ(loop_diagram(learn, facts, LoopPicture::last).clusters.size(), 1U);
  EXPECT_EQ(std::count_if(diagram.edges.begin(), diagram.edges.end(),
                          [](const DiagramEdge& edge) { return edge.feedback; }),
            2)
      << "an update in each of the pictures of training";
  EXPECT_NO_THROW(to_dot(diagram));
}

TEST(TheLoopDiagram, SaysSoWhenALossIsNoNumber) {
  auto learn = synth_image_learner();
  TrainingFacts facts{.metrics = {"accuracy"},
                      .last_row = Json{{"train_loss", std::nan("")}, {"accuracy", 0.5}}};
  expect_words(loop_diagram(learn, facts), {"no number in training", "accuracy: 0.5"});
  expect_words(loop_diagram(learn, {}), {"architecture"});
}

TEST(TheModelDiagram, HasSizesAndParametersOfEachBlock) {
  const auto learn = synth_image_learner({}, {.train = 16, .valid = 8, .size = 8});
  expect_words(model_diagram(learn),
               {"input", "3 × 8 × 8", "0 Conv2d", "8 × 8 × 8, 224 parameters", "6 Linear",
                "2, 66 parameters", "2 classes: class_0, class_1"});
}

TEST(TheDiagrams, WorkForLearnersThatArentForPictures) {
  const auto learn = synth_learner();
  expect_words(loop_diagram(learn, training_facts(learn)), {"items", "architecture"});
  expect_words(model_diagram(learn), {"2 parameters"});
  expect_error<UsageError>([&] { data_diagram(learn); }, {"pipeline"});
}

TEST(TheDiagrams, OfASavedModelShowWhatItsFileHolds) {
  const TempDir dir;
  write_pets(dir / "pets", 20);
  const auto dls = ImageDataLoaders::from_label_rule(
      dir / "pets", get_image_files(dir / "pets"), name_case(),
      {.seed = 42, .item_tfms = Resize(40), .bs = 4, .workers = 0});
  {
    auto learn = vision_learner(dls, registry<ModelEntry>().at("resnet18"),
                                {.metrics = {registry<MetricRow>().at("error_rate")},
                                 .weights = Weights::none(),
                                 .reporter = &silent_reporter()});
    learn.fit(1);
    learn.export_to(dir / "model.safetensors");
  }
  const auto learn = load_learner(dir / "model.safetensors", {.reporter = &silent_reporter()});
  const auto facts = training_facts(read_learner_card(dir / "model.safetensors"));
  expect_words(loop_diagram(learn, facts), {"resnet18", "16 pictures to train on", "4 held out",
                                            "name-case", "2 classes: False, True", "error_rate: "});
  expect_words(data_diagram(learn),
               {"20 in all", "random, valid_pct 0.2, seed 42", "hash ", "16 items", "4 items",
                "resize", "size [40,40]", "to_tensor", "int_to_float", "resnet18"});
  expect_words(model_diagram(learn),
               {"3 × 40 × 40", "0.0 Conv2d", "64 × 20 × 20", "2 × BasicBlock", "body: resnet18",
                "head", "512 × 2 × 2", "2 classes: False, True"});
}

}  // namespace
}  // namespace linnet::test
