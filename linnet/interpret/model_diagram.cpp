#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <optional>

#include "linnet/interpret/diagrams.h"
#include "linnet/nn/forward_observer.h"

namespace linnet {

namespace {

using detail::grouped;
using detail::parameters_of;
using detail::type_of;

// Sizes of what each layer gave, without the number of items.
using Shapes = std::map<const torch::nn::Module*, std::string>;

std::string sizes_text(const torch::Tensor& tensor) {
  return tensor.dim() < 2 ? "1" : fmt::format("{}", fmt::join(tensor.sizes().slice(1), " × "));
}

// Any side does: the pipeline brings it to the model's size.
constexpr int64_t kBlankSide = 256;

// One item's batch: the learner's own, or a blank picture on the road that a new picture takes.
std::optional<Batch> example(const Learner& learn) {
  const auto& dls = learn.dls();
  if (dls.has_data()) {
    auto batch = dls.valid().stream(0)->next();
    if (batch) {
      for (Column& column : batch->x) column.data = column.data.slice(0, 0, 1);
    }
    return batch;
  }
  if (!dls.has_pipeline() || dls.pipeline().n_inp() != 1 ||
      dls.pipeline().blocks().front()->kind() != Kind::image) {
    return std::nullopt;
  }
  const Predictor predictor = learn.predictor();
  return predictor.batch_of({predictor.encode({Image(kBlankSide, kBlankSide, 3)})});
}

struct Seen {
  Shapes shapes = {};
  std::string input = "";
};

Seen look(const Learner& learn) {
  auto batch = example(learn);
  if (!batch || batch->x.empty()) return {};
  Seen seen{.input = sizes_text(batch->x[0].data)};
  const ForwardObserver observer(learn.network().module(),
                                 [&](const torch::nn::Module& layer, const torch::Tensor& output) {
                                   seen.shapes[&layer] = sizes_text(output);
                                 });
  learn.pred_batch(std::move(*batch));
  return seen;
}

// Of a block, what the last of its layers gave that was seen.
std::string shape_of(const torch::nn::Module& block, const Shapes& shapes) {
  std::string shape;
  for (const auto& module : block.modules()) {
    if (const auto found = shapes.find(module.get()); found != shapes.end()) shape = found->second;
  }
  if (const auto own = shapes.find(&block); own != shapes.end()) shape = own->second;
  return shape;
}

// "3 × BasicBlock" for a stack of equal ones.
std::string kind_of(const torch::nn::Module& block) {
  const auto children = block.children();
  const std::string own = type_of(block);
  if (children.empty() || (own != "Stack" && own != "Sequential")) return own;
  const std::string first = type_of(*children[0]);
  for (const auto& child : children) {
    if (type_of(*child) != first) return fmt::format("{} layers", children.size());
  }
  return children.size() == 1 ? first : fmt::format("{} × {}", children.size(), first);
}

class Blocks {
 public:
  Blocks(Diagram& diagram, const Shapes& shapes) : diagram_(diagram), shapes_(shapes) {}

  void input(const std::string& sizes) {
    add("input", sizes.empty() ? std::vector<std::string>() : std::vector{sizes},
        DiagramLook::value);
  }
  std::string block(const std::string& name, const torch::nn::Module& module) {
    std::vector<std::string> lines;
    std::string text = shape_of(module, shapes_);
    if (const int64_t parameters = parameters_of(module); parameters > 0) {
      if (!text.empty()) text += ", ";
      text += grouped(parameters) + (parameters == 1 ? " parameter" : " parameters");
    }
    if (!text.empty()) lines.push_back(text);
    return add(fmt::format("{} {}", name, kind_of(module)), lines, DiagramLook::step);
  }
  void output(const std::string& what) { add("output", {what}, DiagramLook::value); }
  void frame(const std::string& title, const std::vector<std::string>& ids) {
    diagram_.clusters.push_back({title, ids});
  }

 private:
  std::string add(const std::string& heading, std::vector<std::string> lines, DiagramLook look) {
    const std::string id = fmt::format("box{}", diagram_.nodes.size());
    if (!diagram_.nodes.empty())
      diagram_.edges.push_back({.from = diagram_.nodes.back().id, .to = id});
    diagram_.nodes.push_back({id, heading, std::move(lines), look});
    return id;
  }

  Diagram& diagram_;
  const Shapes& shapes_;
};

std::string part_name(const Learner& learn, const std::string& name) {
  const Json* kind = learn.model_config.find("kind");
  if (kind == nullptr || *kind != Json("vision")) return name;
  return name == "0" ? "body: " + detail::model_name(learn) : name == "1" ? "head" : name;
}

void add_blocks(const Learner& learn, Blocks& blocks) {
  const auto& model = learn.network().module();
  if (model.children().empty()) {
    blocks.block("", model);
    return;
  }
  for (const auto& part : model.named_children()) {
    const auto& module = *part.value();
    const std::string own = type_of(module);
    if (module.children().size() < 2 || (own != "Stack" && own != "Sequential")) {
      blocks.block(part.key(), module);
      continue;
    }
    std::vector<std::string> ids;
    for (const auto& child : module.named_children())
      ids.push_back(blocks.block(part.key() + "." + child.key(), *child.value()));
    blocks.frame(fmt::format("{}, {} parameters", part_name(learn, part.key()),
                             grouped(parameters_of(module))),
                 ids);
  }
}

std::string output_words(const Learner& learn) {
  const auto& dls = learn.dls();
  if (!dls.has_pipeline() ||
      static_cast<int64_t>(dls.pipeline().blocks().size()) != dls.pipeline().n_inp() + 1) {
    return "predictions";
  }
  const auto vocab = dls.vocab();
  return vocab.empty() ? std::string(to_string(dls.pipeline().target()->kind()))
                       : fmt::format("{} classes: {}", vocab.size(), detail::listed(vocab));
}

}  // namespace

Diagram model_diagram(const Learner& learn) {
  const auto& model = learn.network().module();
  Diagram diagram{
      .name = "model",
      .description = fmt::format("The network {} with {} parameters, block by block.",
                                 detail::model_name(learn), grouped(parameters_of(model))),
      .direction = DiagramDirection::down};
  const Seen seen = look(learn);
  Blocks blocks(diagram, seen.shapes);
  blocks.input(seen.input);
  add_blocks(learn, blocks);
  blocks.output(output_words(learn));
  return diagram;
}

}  // namespace linnet
