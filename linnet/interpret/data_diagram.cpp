#include <fmt/format.h>

#include "linnet/interpret/diagrams.h"

namespace linnet {

namespace {

using detail::grouped;
using enum DiagramLook;

// The figures of a transform, without those that say nothing.
std::vector<std::string> settings_of(const Json& config) {
  const std::string text = detail::rule_text(config);
  if (text.empty()) return {};
  return {text};
}

// Boxes one below the other, each with an arrow from the one before.
class Road {
 public:
  explicit Road(Diagram& diagram) : diagram_(diagram) {}
  std::string add(const std::string& heading, std::vector<std::string> lines, DiagramLook look,
                  const std::string& label = "") {
    const std::string id = fmt::format("box{}", diagram_.nodes.size());
    diagram_.nodes.push_back({id, heading, std::move(lines), look});
    for (const std::string& from : ends_)
      diagram_.edges.push_back({.from = from, .to = id, .label = label});
    ends_ = {id};
    return id;
  }
  /** Boxes beside each other: the next one follows all of them. */
  void fork(const std::vector<DiagramNode>& nodes) {
    std::vector<std::string> ids;
    for (DiagramNode node : nodes) {
      node.id = fmt::format("box{}", diagram_.nodes.size());
      ids.push_back(node.id);
      for (const std::string& from : ends_) diagram_.edges.push_back({.from = from, .to = node.id});
      diagram_.nodes.push_back(std::move(node));
    }
    ends_ = ids;
  }
  void frame(const std::string& title, const std::vector<std::string>& ids) {
    if (!ids.empty()) diagram_.clusters.push_back({title, ids});
  }
  /** The next box follows only the first `n` of the present ends. */
  void go_on_with(size_t n) { ends_.resize(std::min(n, ends_.size())); }

 private:
  Diagram& diagram_;
  std::vector<std::string> ends_;
};

int64_t count_of(const Json& about, const char* side) {
  const Json* count = about.find(side);
  return count != nullptr && count->is_int() ? count->as_int() : 0;
}

void add_items(Road& road, const Json& about) {
  const int64_t train = count_of(about, "train"), valid = count_of(about, "valid"),
                test = count_of(about, "test");
  const Json* data = about.find("data");
  std::vector<std::string> lines;
  if (data != nullptr && data->is_string()) lines.push_back(data->as_string());
  if (train + valid > 0) lines.push_back(grouped(train + valid + test) + " in all");
  if (const Json* subset = about.find("subset"); subset != nullptr && subset->is_number())
    lines.push_back(fmt::format("a part: {:g} of each class", subset->as_double()));
  road.add("items", lines, value);
  if (train + valid == 0) return;
  std::vector<std::string> rule;
  if (const Json* split = about.find("split")) rule = settings_of(*split);
  if (const Json* hash = about.find("split_hash"); hash != nullptr && hash->is_string())
    rule.push_back("hash " + hash->as_string());
  road.add("split", rule, step);
  std::vector<DiagramNode> sides = {
      {.id = "", .heading = "training", .lines = {grouped(train) + " items"}, .look = value},
      {.id = "", .heading = "validation", .lines = {grouped(valid) + " items"}, .look = value}};
  if (test > 0)
    sides.push_back(
        {.id = "", .heading = "test", .lines = {grouped(test) + " held back"}, .look = value});
  road.fork(sides);
  road.go_on_with(2);  // a test set is looked at once, afterwards
}

std::string block_words(const Block& block) {
  const auto vocab = block->vocab();
  if (vocab.empty()) return std::string(to_string(block->kind()));
  return fmt::format("{}: {} classes, {}", block->name(), vocab.size(), detail::listed(vocab));
}

void add_labels(Road& road, const Learner& learn) {
  const auto& pipeline = learn.dls().pipeline();
  std::vector<std::string> inputs, targets;
  for (size_t i = 0; i < pipeline.blocks().size(); ++i) {
    auto& side = static_cast<int64_t>(i) < pipeline.n_inp() ? inputs : targets;
    side.push_back(block_words(pipeline.blocks()[i]));
  }
  const Json* rule = learn.dls().about.find("label");
  if (rule != nullptr && rule->is_object())
    targets.insert(targets.begin(), detail::rule_text(*rule));
  std::vector<DiagramNode> nodes = {{.id = "", .heading = "input", .lines = inputs, .look = step}};
  if (!targets.empty())
    nodes.push_back({.id = "", .heading = "label", .lines = targets, .look = step});
  road.fork(nodes);
}

template <class Transforms>
std::vector<std::string> add_transforms(Road& road, const Transforms& transforms) {
  std::vector<std::string> ids;
  for (const auto& transform : transforms)
    ids.push_back(road.add(std::string(transform->name()), settings_of(transform->config()), step));
  return ids;
}

}  // namespace

Diagram data_diagram(const Learner& learn) {
  const auto& pipeline = learn.dls().pipeline();
  Diagram diagram{
      .name = "data",
      .description = fmt::format(
          "The road of an item: the split into sides, its label, {} transforms of the "
          "item and {} of the batch, then the model {}.",
          pipeline.item_tfms().size(), pipeline.batch_tfms().size(), detail::model_name(learn)),
      .direction = DiagramDirection::down};
  Road road(diagram);
  add_items(road, learn.dls().about);
  add_labels(road, learn);
  road.frame("each item, on worker threads", add_transforms(road, pipeline.item_tfms()));
  auto batch = std::vector<std::string>{road.add("stack", {"items become a batch"}, step)};
  for (std::string& id : add_transforms(road, pipeline.batch_tfms())) batch.push_back(id);
  road.frame("each batch, on the model's device", batch);
  road.add(detail::model_name(learn),
           {grouped(detail::parameters_of(learn.network().module())) + " parameters"}, value);
  return diagram;
}

}  // namespace linnet
