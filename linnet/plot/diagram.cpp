#include "linnet/plot/diagram.h"

#include <fmt/format.h>

#include <map>

#include "linnet/core/error.h"
#include "linnet/core/markup.h"
#include "linnet/plot/drawing_program.h"

namespace linnet {

namespace {

constexpr const char* kDiagramWhere = "diagram";
constexpr int64_t kColumns = 36;

struct Style {
  const char* name;
  const char* shape;
  const char* fill;
  const char* line;
};

Style style_of(DiagramLook look) {
  switch (look) {
    case DiagramLook::value:
      return {"value", "rounded,filled", "#dbeafe", "#1d4ed8"};
    case DiagramLook::measure:
      return {"measure", "rounded,filled", "#fef3c7", "#92400e"};
    case DiagramLook::step:
      break;
  }
  return {"step", "filled", "#f1f5f9", "#475569"};
}

// Nothing of the text is a command: it is escaped as markup, and no part of it is an id.
std::string lines_of(std::string_view text, const char* before, const char* after) {
  std::string lines;
  for (const std::string& line : wrapped_text(text, kColumns)) {
    if (!lines.empty()) lines += "<br/>";
    if (!line.empty()) lines += before + escaped_markup(line) + after;
  }
  return lines;
}

std::string label_of(const DiagramNode& node) {
  std::string label = lines_of(node.heading, "<b>", "</b>");
  for (const std::string& line : node.lines) label += "<br/>" + lines_of(line, "", "");
  return label.empty() ? " " : label;
}

// The boxes by the user's ids.
class Numbers {
 public:
  explicit Numbers(const Diagram& diagram) {
    for (const DiagramNode& node : diagram.nodes) {
      if (!numbers_.emplace(node.id, numbers_.size()).second) {
        throw UsageError(kDiagramWhere, fmt::format("two boxes have the id '{}'", node.id));
      }
    }
    if (numbers_.empty()) throw UsageError(kDiagramWhere, "got no boxes, expected one or more");
  }
  std::string operator()(const std::string& id) const {
    const auto found = numbers_.find(id);
    if (found == numbers_.end()) {
      throw UsageError(kDiagramWhere, fmt::format("there is no box with the id '{}'", id));
    }
    return fmt::format("n{}", found->second);
  }

 private:
  std::map<std::string, size_t> numbers_;
};

std::string settings(const Diagram& diagram) {
  return fmt::format(
      "graph [id=\"{}-graph\", rankdir={}, bgcolor=white, fontname=\"sans-serif\", fontsize=13, "
      "labeljust=l, nodesep=0.3, ranksep=0.4, pad=0.1]\n"
      "node [shape=box, fontname=\"sans-serif\", fontsize=12, margin=\"0.14,0.09\"]\n"
      "edge [fontname=\"sans-serif\", fontsize=11, color=\"#475569\", arrowsize=0.8]\n",
      diagram.name, diagram.direction == DiagramDirection::right ? "LR" : "TB");
}

void erase_all(std::string& text, std::string_view begin, std::string_view end) {
  for (size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    const size_t last = text.find(end, at);
    text.erase(at, last == std::string::npos ? std::string::npos : last + end.size() - at);
  }
}

// Without the head of a file of its own, and with our names in place of Graphviz's own.
std::string tidied_svg(std::string svg, const Diagram& diagram) {
  svg.erase(0, svg.find("<svg"));
  erase_all(svg, "<title>", "</title>\n");
  erase_all(svg, "<!--", "-->\n");
  svg.insert(4, fmt::format(" role=\"img\" aria-labelledby=\"{}-title\"", diagram.name));
  svg.insert(svg.find('>') + 1, fmt::format("\n<title id=\"{}-title\">{}</title>", diagram.name,
                                            escaped_markup(diagram.description)));
  return svg;
}

}  // namespace

std::string to_dot(const Diagram& diagram) {
  const Numbers number(diagram);
  std::string dot = "digraph {\n" + settings(diagram);
  for (const DiagramNode& node : diagram.nodes) {
    const Style style = style_of(node.look);
    dot += fmt::format(
        "{0} [id=\"{1}-{0}\", class=\"{2}\", style=\"{3}\", fillcolor=\"{4}\", color=\"{5}\", "
        "label=<{6}>]\n",
        number(node.id), diagram.name, style.name, style.shape, style.fill, style.line,
        label_of(node));
  }
  for (size_t i = 0; i < diagram.clusters.size(); ++i) {
    dot += fmt::format(
        "subgraph cluster_{0} {{ id=\"{1}-c{0}\"; style=rounded; color=\"#94a3b8\"; "
        "label=<{2}>;",
        i, diagram.name, lines_of(diagram.clusters[i].title, "<b>", "</b>"));
    for (const std::string& id : diagram.clusters[i].nodes) dot += ' ' + number(id) + ';';
    dot += " }\n";
  }
  for (size_t i = 0; i < diagram.edges.size(); ++i) {
    const DiagramEdge& edge = diagram.edges[i];
    // Drawn from its end: Graphviz then leads it around the boxes, and these stay where they are.
    const std::string& left = edge.feedback ? edge.to : edge.from;
    const std::string& right = edge.feedback ? edge.from : edge.to;
    dot += fmt::format("{} -> {} [id=\"{}-e{}\"", number(left), number(right), diagram.name, i);
    if (!edge.label.empty()) dot += fmt::format(", label=<{}>", lines_of(edge.label, "", ""));
    if (edge.feedback) dot += ", style=dashed, dir=back";
    dot += "]\n";
  }
  return dot + "}\n";
}

std::string draw_diagram(const Diagram& diagram, std::string_view format) {
  if (format != "svg" && format != "png") {
    throw UsageError(kDiagramWhere, fmt::format("format: got '{}', expected svg or png", format));
  }
  auto drawn = run_drawing_program(
      {.name = "dot", .package = "graphviz"}, to_dot(diagram),
      [&](const std::filesystem::path& input, const std::filesystem::path& picture) {
        std::vector<std::string> words = {fmt::format("-T{}", format), "-o" + picture.string(),
                                          input.string()};
        if (format == "png") words.emplace_back("-Gdpi=144");
        return words;
      });
  return format == "svg" ? tidied_svg(std::move(drawn), diagram) : drawn;
}

}  // namespace linnet
