#include "linnet/plot/diagram.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace linnet::test {
namespace {

bool has_dot() { return std::system("command -v dot > /dev/null") == 0; }

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Diagram small(const std::string& text) {
  return {.name = "small",
          .description = "Two boxes: " + text,
          .nodes = {{.id = "a", .heading = text, .look = DiagramLook::value},
                    {.id = "b", .heading = "model", .lines = {text, ""}}},
          .edges = {{.from = "a", .to = "b", .label = text},
                    {.from = "b", .to = "a", .feedback = true}},
          .clusters = {{.title = text, .nodes = {"a", "b"}}}};
}

TEST(ADiagram, IsWrittenForGraphviz) {
  const std::string dot = to_dot(small("pets"));
  for (const char* part :
       {"digraph {", "rankdir=LR", "n0 [id=\"small-n0\", class=\"value\"", "label=<<b>pets</b>>",
        "subgraph cluster_0", "n0 -> n1 [id=\"small-e0\", label=<pets>]",
        "n0 -> n1 [id=\"small-e1\", style=dashed, dir=back]"})
    EXPECT_TRUE(holds(dot, part)) << part << '\n' << dot;
}

TEST(ADiagram, RefusesWhatCannotBeDrawn) {
  expect_error<UsageError>([] { to_dot({.name = "x", .description = ""}); },
                           {"[diagram]", "no boxes"});
  Diagram diagram = small("pets");
  diagram.edges.push_back({.from = "a", .to = "z"});
  expect_error<UsageError>([&] { to_dot(diagram); }, {"no box with the id 'z'"});
  diagram.nodes.push_back({.id = "a", .heading = "again"});
  expect_error<UsageError>([&] { to_dot(diagram); }, {"two boxes have the id 'a'"});
  expect_error<UsageError>([] { draw_diagram(small("pets"), "gif"); },
                           {"format: got 'gif', expected svg or png"});
}

TEST(ADiagram, ShowsAnyTextAsItIs) {
  if (!has_dot()) GTEST_SKIP() << "graphviz is not installed";
  for (const std::string& text :
       {std::string("<script>alert(1)</script>"), std::string("a \"b\" 'c' & \\N \\"),
        std::string("고양이 猫"), std::string("one\ntwo"), std::string(300, 'w'),
        std::string("]]>"), std::string("\xFF\x01"), std::string(" "), std::string()}) {
    SCOPED_TRACE(text);
    const std::string svg = draw_diagram(small(text));
    EXPECT_TRUE(svg.starts_with("<svg role=\"img\" aria-labelledby=\"small-title\"")) << svg;
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_FALSE(holds(svg, "<script"));
    EXPECT_EQ(draw_diagram(small(text), "png").substr(1, 3), "PNG");
  }
  const std::string svg = draw_diagram(small("<script>\"고양이\" & co"));
  EXPECT_TRUE(holds(svg, "&lt;script&gt;&quot;고양이&quot; &amp; co")) << svg;
}

TEST(ADiagram, HasOneNameAndNoTooltipsOfNumbers) {
  if (!has_dot()) GTEST_SKIP() << "graphviz is not installed";
  const std::string svg = draw_diagram(small("pets"));
  EXPECT_TRUE(holds(svg, "<title id=\"small-title\">Two boxes: pets</title>"));
  EXPECT_FALSE(holds(svg, "<title>"));
  EXPECT_FALSE(holds(svg, "<!--"));
  EXPECT_TRUE(holds(svg, "class=\"node step\"")) << "for a page's own colours";
}

TEST(ADiagram, SaysWhatIsMissingWithoutGraphviz) {
  const char* path = std::getenv("PATH");
  const std::string before = path != nullptr ? path : "";
  const TempDir empty;
  setenv("PATH", empty.path().c_str(), 1);
  expect_error<IoError>([] { draw_diagram(small("pets")); },
                        {"[dot]", "not installed", "apt-get install graphviz"});
  setenv("PATH", before.c_str(), 1);
}

}  // namespace
}  // namespace linnet::test
