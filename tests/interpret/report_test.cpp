#include "linnet/interpret/report.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/data/table.h"
#include "linnet/interpret/report_sections.h"
#include "support/expect_error.h"

namespace linnet::test {
namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const char* const kScript = "<script>alert(\"1\")</script>\n고양이";
const char* const kShown = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\n고양이";

TEST(AReport, IsOnePageThatNeedsNothingElse) {
  const std::string page = report_page({.title = "resnet34 on pets",
                                        .lead = "after 2 epochs",
                                        .sections = {{"split", "The split", "<p>80 and 20</p>\n"}},
                                        .foot = "made now"});
  for (const char* part :
       {"<!DOCTYPE html>", "<html lang=\"en\">", "width=device-width", "default-src 'none'",
        "prefers-color-scheme: dark", "<h1>resnet34 on pets</h1>", "<nav aria-label=\"Contents\">",
        "<a href=\"#split\">The split</a>", "<main id=\"content\">",
        "<section id=\"split\" aria-labelledby=\"split-title\">",
        "<h2 id=\"split-title\">The split</h2>", "<p>80 and 20</p>", "<footer>\n<p>made now</p>",
        "<p class=\"lead\">after 2 epochs</p>"})
    EXPECT_TRUE(holds(page, part)) << part;
  for (const char* part : {"http://", "https://", "<script", "@import", "url("})
    EXPECT_FALSE(holds(page, part)) << part;
}

TEST(AReport, ShowsTextAsItIsAndObeysNone) {
  const std::string page =
      report_page({.title = kScript,
                   .lead = kScript,
                   .sections = {{"a", kScript,
                                 html_paragraph(kScript) + html_note(kScript) + html_code(kScript) +
                                     html_facts({{kScript, kScript}}) +
                                     html_table({.caption = kScript,
                                                 .header = {kScript, "n"},
                                                 .rows = {{kScript, "1"}}}) +
                                     html_picture("x", "image/png", kScript) +
                                     html_cards({{Image(4, 4, 3), kScript, {kScript}}})}}});
  EXPECT_FALSE(holds(page, "<script"));
  for (const char* around : {"<h1>", "<p>", "<p class=\"note\">", "<code>", "<dt>", "<dd>",
                             "<caption>", "<th scope=\"row\">", "alt=\"", "<span>"})
    EXPECT_TRUE(holds(page, std::string(around) + kShown)) << around;
}

TEST(AReport, SaysWhatIsMissingInAPartThatFails) {
  const auto section = report_section("a", "Charts", []() -> std::string {
    throw IoError("gnuplot", "the program <gnuplot> is not installed");
  });
  EXPECT_EQ(section.title, "Charts");
  EXPECT_TRUE(holds(section.body, "This part could not be made: [gnuplot]")) << section.body;
  EXPECT_TRUE(holds(section.body, "&lt;gnuplot&gt;")) << section.body;
  EXPECT_EQ(report_section("a", "b", [] { return std::string("<p>c</p>"); }).body, "<p>c</p>");
}

TEST(AReport, FoldsLongTablesUp) {
  HtmlTable table{.caption = "Classes", .header = {"class", "n"}, .rows = {}};
  for (int i = 0; i < 3; ++i) table.rows.push_back({"a", "1"});
  EXPECT_FALSE(holds(html_table(table, 3), "<details>"));
  EXPECT_TRUE(holds(html_table(table, 2), "<details><summary>Classes (3 rows)</summary>"));
  EXPECT_TRUE(holds(html_table(table), "<th scope=\"col\" class=\"number\">n</th>"));
  table.rows.push_back({"a"});
  expect_error<UsageError>([&] { html_table(table); },
                           {"[html_table]", "got a row of 1 cells, expected 2"});
}

TEST(AReportsSplit, TellsWhoIsWhere) {
  const Json about{{"data", "pets"},
                   {"train", 3},
                   {"valid", 1},
                   {"test", 0},
                   {"split", Json{{"splitter", "random"}, {"valid_pct", 0.25}, {"seed", 42}}},
                   {"split_hash", "0123abcd"},
                   {"train_classes", Json{{"cat", 2}, {kScript, 1}}},
                   {"valid_classes", Json{{"cat", 1}}}};
  const std::string html = split_html(about);
  for (const std::string& part :
       {std::string("<dd>3</dd>"), std::string("random, valid_pct 0.25, seed 42"),
        std::string("0123abcd"), std::string(kShown)})
    EXPECT_TRUE(holds(html, part)) << part << '\n' << html;
  EXPECT_TRUE(holds(split_html(Json::object()), "not known how the items were split"));
  EXPECT_TRUE(holds(split_html(Json{{"train", 1}, {"valid", 1}}), "no classes"));
}

TEST(AReportsEpochs, ShowFiguresAndGaps) {
  const auto log =
      Table(CsvReader("fit,epoch,train_loss,valid_loss,error_rate,time\n"
                      "0,0,1.234567,nan,0.250000,65.2\n"
                      "1,0,0.5,,,3\n"));
  const std::string html = epochs_html(log);
  for (const char* part :
       {">1.235<", ">no number<", ">0.25<", ">01:05<", "<td class=\"number\"></td>"})
    EXPECT_TRUE(holds(html, part)) << part << '\n' << html;
  EXPECT_TRUE(holds(epochs_html(Table(CsvReader("fit,epoch\n"))), "No epoch was finished"));
}

TEST(AReportsTestSet, ShowsEveryLook) {
  EXPECT_TRUE(holds(test_html({}, "linnet validate run 'my test'"),
                    "linnet validate run &#39;my test&#39;"));
  const auto look = [](int64_t number) {
    return Json{{"time", "2026-11-24T10:00:00Z"},
                {"test_set", kScript},
                {"look", number},
                {"items", 1234},
                {"loss", 0.123456},
                {"metrics", Json{{"accuracy", 0.987654}}}};
  };
  const std::string once = test_html({look(1)}, "");
  for (const char* part : {kShown, "1,234", "0.1235", "accuracy 0.9877"})
    EXPECT_TRUE(holds(once, part)) << part << '\n' << once;
  EXPECT_FALSE(holds(once, "more than once"));
  EXPECT_TRUE(holds(test_html({look(1), look(2)}, ""), "more than once"));
}

TEST(AReportsClasses, AreATableWithMeans) {
  const auto report =
      class_report(torch::tensor({0, 0, 1}), torch::tensor({0, 1, 1}), {kScript, "dog"});
  const std::string html = classes_html(report);
  for (const char* part : {kShown, ">0.500<", ">1.000<", ">dog<"})
    EXPECT_TRUE(holds(html, part)) << part << '\n' << html;
}

}  // namespace
}  // namespace linnet::test
