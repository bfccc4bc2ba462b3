#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "linnet/app/command_page.h"
#include "linnet/cli/man_page.h"
#include "linnet/core/strings.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using cli::roff_text;
using test::expect_failure;
using test::run_linnet;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Man, EveryCommandHasAPageWithEveryOption) {
  const test::TempDir dir;
  const auto pages = dir / "man1";
  const auto run = run_linnet({"man", "--out", pages.string()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const Job& job : registry<Job>().rows()) {
    SCOPED_TRACE(job.name);
    const std::string page = text_of(pages / (cli::man_name(command_page(job)) + ".1"));
    EXPECT_NE(page.find(roff_text(job.summary)), std::string::npos);
    EXPECT_NE(page.find("\n.SH EXAMPLES\n"), std::string::npos);
    for (const Field& field : job.fields())
      EXPECT_NE(page.find(".TP\n\\fB" + roff_text(shown_name(field)) + "\\fR"), std::string::npos)
          << field.name;
  }
  EXPECT_TRUE(std::filesystem::exists(pages / "linnet-data.1"));
  EXPECT_TRUE(std::filesystem::exists(pages / "linnet-serve.1"));
}

TEST(Man, TheProgramsPageHasExitCodesAndEnvironment) {
  const auto run = run_linnet({"man"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* part :
       {".SH NAME\nlinnet \\- ", ".SH EXIT STATUS\n", ".SH ENVIRONMENT\n", "LINNET_HOME",
        "LINNET_THREADS", "LINNET_MIRROR", "LINNET_TOKEN", "\\fBlinnet\\-train\\-segment\\fR(1)"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part;
}

TEST(Man, TextIsEscaped) {
  EXPECT_EQ(roff_text("--arch"), "\\-\\-arch");
  EXPECT_EQ(roff_text(".TH is text"), "\\&.TH is text");
  EXPECT_EQ(roff_text("'a' \"b\" `c`"), "\\(aqa\\(aq \\(dqb\\(dq \\(gac\\(ga");
  EXPECT_EQ(roff_text("^(.+)_\\d+ ~"), "\\(ha(.+)_\\ed+ \\(ti");
}

// What a job's text holds must not become a request or an escape of roff.
TEST(Man, PagesHoldOnlyKnownRequestsAndEscapes) {
  const std::set<std::string> requests = {".\\\"", ".TH", ".SH", ".PP", ".TP", ".RS",
                                          ".RE",   ".nf", ".fi", ".nh", ".ad"};
  for (const CommandPage& page : all_pages()) {
    SCOPED_TRACE(page.name);
    for (const std::string& line : split(cli::man_page(page), '\n')) {
      EXPECT_FALSE(line.starts_with('\'')) << line;
      const bool is_request = line.starts_with('.');
      EXPECT_TRUE(!is_request || requests.contains(line.substr(0, line.find(' ')))) << line;
      for (size_t at = line.find('\\'); at != std::string::npos; at = line.find('\\', at + 2))
        EXPECT_NE(std::string_view("\\\"-ef(&").find(line[at + 1]), std::string_view::npos) << line;
    }
  }
}

TEST(Man, IndentedLinesKeepTheirLayout) {
  const CommandPage page{.name = "linnet x",
                         .arguments = "",
                         .summary = "does x",
                         .text = "One\nparagraph, `linnet y` too.\n  kept  as it\n    is\n\n.next",
                         .examples = "  linnet x    why\n",
                         .sections = {}};
  const std::string roff = cli::man_page(page);
  EXPECT_NE(roff.find(".SH DESCRIPTION\nOne paragraph, \\fBlinnet y\\fR too.\n"
                      ".PP\n.RS 4\n.nf\nkept  as it\n  is\n.fi\n.RE\n.PP\n\\&.next\n"),
            std::string::npos)
      << roff;
  EXPECT_NE(roff.find(".SH EXAMPLES\n.RS 4\n.nf\nlinnet x    why\n.fi\n.RE\n"), std::string::npos);
}

TEST(Man, UnknownCommandsAreRefusedWithTheNearest) {
  expect_failure(run_linnet({"man", "trian"}), 2, {"unknown command 'trian'", "train"});
  expect_failure(run_linnet({"man", "train", "--out", "x"}), 2, {"--out", "all commands"});
}

}  // namespace
}  // namespace linnet
