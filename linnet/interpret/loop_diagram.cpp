#include <fmt/format.h>

#include <cmath>

#include "linnet/interpret/diagrams.h"

namespace linnet {

namespace {

using detail::grouped;

// What the boxes hold.
struct Words {
  std::string items;                      // "pictures"
  std::vector<std::string> inputs = {};   // who they are
  std::vector<std::string> results = {};  // what the model says
  std::vector<std::string> labels = {};
  std::vector<std::string> weights = {};
  std::vector<std::string> loss = {};
  std::vector<std::string> judges = {};  // metrics and their last values
  std::string model = "";
  std::string update = "update";
};

std::string items_name(const Learner& learn) {
  if (!learn.dls().has_pipeline()) return "items";
  const auto kind = learn.dls().pipeline().blocks().front()->kind();
  return kind == Kind::image ? "pictures" : kind == Kind::text ? "texts" : "items";
}

// A figure of the last epoch as the table shows it; nothing when it is missing. No number is said.
std::string figure(const TrainingFacts& facts, const std::string& column) {
  const Json* value = facts.last_row.find(column);
  if (value == nullptr) return "";
  if (!value->is_number() || !std::isfinite(value->as_double())) return "no number";
  return fmt::format("{:.4g}", value->as_double());
}

void add_data(const Learner& learn, Words& words) {
  const Json& about = learn.dls().about;
  if (const Json* data = about.find("data"); data != nullptr && data->is_string())
    words.inputs.push_back("of " + data->as_string());
  if (const Json* train = about.find("train"))
    words.inputs.push_back(fmt::format("{} {} to train on", grouped(train->as_int()), words.items));
  if (const Json* valid = about.find("valid"))
    words.inputs.push_back(fmt::format("{} held out", grouped(valid->as_int())));
  if (!learn.dls().has_pipeline()) return;
  const auto& pipeline = learn.dls().pipeline();
  if (static_cast<int64_t>(pipeline.blocks().size()) != pipeline.n_inp() + 1) return;
  const auto vocab = pipeline.target()->vocab();
  if (const Json* rule = about.find("label")) words.labels.push_back(detail::rule_text(*rule));
  if (vocab.empty()) return;
  words.labels.push_back(fmt::format("{} classes: {}", vocab.size(), detail::listed(vocab)));
  words.results.push_back(fmt::format(
      "{} for each of {} classes",
      pipeline.target()->kind() == Kind::category ? "a probability" : "a score", vocab.size()));
}

Words words_for(const Learner& learn, const TrainingFacts& facts) {
  Words words{.items = items_name(learn)};
  add_data(learn, words);
  words.model = detail::model_name(learn);
  words.weights = {grouped(detail::parameters_of(learn.network().module())) + " numbers"};
  words.loss = {std::string(learn.loss().name())};
  for (const auto& [column, what] :
       {std::pair("train_loss", "in training"), std::pair("valid_loss", "on those held out")}) {
    if (const auto value = figure(facts, column); !value.empty())
      words.loss.push_back(fmt::format("{} {}", value, what));
  }
  for (const std::string& metric : facts.metrics) {
    const auto value = figure(facts, metric);
    words.judges.push_back(value.empty() ? metric : fmt::format("{}: {}", metric, value));
  }
  if (!facts.optimizer.empty()) words.update += "\n" + facts.optimizer;
  if (facts.lr) words.update += fmt::format("\nlr {:g}", *facts.lr);
  return words;
}

// Boxes and arrows of one of the pictures: its ids begin with its letter, so that pictures share
// none.
class Picture {
 public:
  Picture(Diagram& diagram, std::string letter) : diagram_(diagram), letter_(std::move(letter)) {}
  void box(const std::string& id, const std::string& heading, std::vector<std::string> lines,
           DiagramLook look) {
    diagram_.nodes.push_back({letter_ + id, heading, std::move(lines), look});
    ids_.push_back(letter_ + id);
  }
  void arrow(const std::string& from, const std::string& to) {
    diagram_.edges.push_back({.from = letter_ + from, .to = letter_ + to});
  }
  void back(const std::string& from, const std::string& to, const std::string& label) {
    diagram_.edges.push_back(
        {.from = letter_ + from, .to = letter_ + to, .label = label, .feedback = true});
  }
  void frame(const std::string& title) { diagram_.clusters.push_back({title, ids_}); }

 private:
  Diagram& diagram_;
  std::string letter_;
  std::vector<std::string> ids_;
};

using enum DiagramLook;

void add_program(Diagram& diagram, const Words& words) {
  Picture picture(diagram, "a");
  picture.box("in", "inputs", {words.items}, value);
  picture.box("do", "program", {"rules that a person wrote"}, step);
  picture.box("out", "results", {}, value);
  picture.arrow("in", "do");
  picture.arrow("do", "out");
  picture.frame("1 A program");
}

void add_model_parts(Picture& picture, const Words& words) {
  picture.box("in", "inputs", {words.items}, value);
  picture.box("w", "weights", words.weights, value);
  picture.box("do", "model", {words.model}, step);
  picture.box("out", "results", words.results, value);
  picture.arrow("in", "do");
  picture.arrow("w", "do");
  picture.arrow("do", "out");
}

void add_model(Diagram& diagram, const Words& words) {
  Picture picture(diagram, "b");
  add_model_parts(picture, words);
  picture.frame("2 A model: a program that weights steer");
}

void add_training(Diagram& diagram, const Words& words) {
  Picture picture(diagram, "c");
  add_model_parts(picture, words);
  picture.box("perf", "performance", words.judges, measure);
  picture.arrow("out", "perf");
  picture.back("perf", "w", "update");
  picture.frame("3 Training: performance changes the weights");
}

void add_terms(Diagram& diagram, const Words& words, const std::string& title) {
  Picture picture(diagram, "d");
  picture.box("in", "inputs", words.inputs, value);
  picture.box("w", "parameters", words.weights, value);
  picture.box("do", "architecture", {words.model}, step);
  picture.box("out", "predictions", words.results, value);
  picture.box("y", "labels", words.labels, value);
  picture.box("loss", "loss", words.loss, measure);
  picture.arrow("in", "do");
  picture.arrow("w", "do");
  picture.arrow("do", "out");
  picture.arrow("out", "loss");
  picture.arrow("y", "loss");
  picture.back("loss", "w", words.update);
  if (!words.judges.empty()) {
    picture.box("m", "metric", words.judges, measure);
    picture.arrow("out", "m");
    picture.arrow("y", "m");
  }
  picture.frame(title);
}

}  // namespace

Diagram loop_diagram(const Learner& learn, const TrainingFacts& facts, LoopPicture which) {
  const Words words = words_for(learn, facts);
  Diagram diagram{
      .name = "loop",
      .description = fmt::format(
          "Training as a loop: {} go through the architecture {} with its parameters to "
          "predictions; the loss compares these with the labels and updates the "
          "parameters.",
          words.items, words.model)};
  const bool all = which == LoopPicture::all;
  add_terms(diagram, words, all ? "4 The same in today's words" : "Training");
  if (all) {  // Graphviz lays the last one on top
    add_training(diagram, words);
    add_model(diagram, words);
    add_program(diagram, words);
  }
  return diagram;
}

}  // namespace linnet
