#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/** What a box stands for: a value that flows, something done with it, or a figure that judges. */
enum class DiagramLook { value, step, measure };

struct DiagramNode {
  std::string id;                       // for edges and clusters, never seen
  std::string heading;                  // bold
  std::vector<std::string> lines = {};  // below it
  DiagramLook look = DiagramLook::step;
};

struct DiagramEdge {
  std::string from, to;
  std::string label = "";
  bool feedback = false;  // an arrow back: dashed, and the boxes stay where they are
};

/** A frame around some of the boxes. */
struct DiagramCluster {
  std::string title;
  std::vector<std::string> nodes;
};

enum class DiagramDirection { right, down };

/** Boxes and arrows. All texts are UTF-8 and shown as they are, in lines of at most 36 columns. */
struct Diagram {
  std::string name;         // letters and digits: begins the ids in the drawing
  std::string description;  // one sentence for those who do not see it
  DiagramDirection direction = DiagramDirection::right;
  std::vector<DiagramNode> nodes = {};
  std::vector<DiagramEdge> edges = {};
  std::vector<DiagramCluster> clusters = {};
};

/** The diagram in Graphviz's language. UsageError when there is no box, an id is used twice, or an
 * edge or cluster names a box that is not there. */
std::string to_dot(const Diagram& diagram);

/** The bytes of a drawing, "svg" (from `<svg` on, to stand alone or within HTML; the boxes have the
 * classes value, step and measure) or "png" (144 dots an inch).
 *  errors  UsageError for another format; IoError when Graphviz is not installed
 */
std::string draw_diagram(const Diagram& diagram, std::string_view format = "svg");

}  // namespace linnet
