#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/media/image.h"

namespace linnet {

/** A part of a report with its own heading. */
struct ReportSection {
  std::string id;  // letters and digits, one of its kind in the report
  std::string title;
  std::string body;  // HTML
};

/** One page for people, in one file: it opens from disk and asks no network for anything. Texts are
 * shown as they are; only a section's body is HTML. */
struct Report {
  std::string title;
  std::string lead;  // the most important sentence
  std::vector<ReportSection> sections = {};
  std::string foot = "";  // one sentence at the end
};

/** The page, HTML with its style sheet within, light and dark as the reader's machine has it; no
 * script is in it, and none that came with a text would run. */
std::string report_page(const Report& report);

/** A section whose body is made now. When that throws, the section says what was missing, and the
 * report goes on. */
ReportSection report_section(std::string id, std::string title,
                             const std::function<std::string()>& body);

// Parts of a section's body. What they are given is text, shown as it is, unless they say HTML.

std::string html_paragraph(std::string_view text);
/** A sentence set off: something is missing, or to be noticed. */
std::string html_note(std::string_view text);
/** Text in which every letter and line end counts: a command. */
std::string html_code(std::string_view text);

struct HtmlTable {
  std::string caption;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // as long as the header; a row's first cell names it
  size_t text_columns = 1;  // so many on the left hold text, those after them numbers
};
/** A table that scrolls within itself where it is too wide. UsageError for a row of another length.
 * Over `folded` rows it is folded up until somebody opens it. */
std::string html_table(const HtmlTable& table, size_t folded = 40);
/** Names and what belongs to each; pairs with an empty text are left out. */
std::string html_facts(const std::vector<std::pair<std::string, std::string>>& facts);

/** A drawing as `draw_diagram` gives it (HTML: it is trusted), with words below. */
std::string html_drawing(std::string_view svg, std::string_view caption);
/** A picture file's bytes within the page.
 *  type  "image/svg+xml", "image/png" or "image/jpeg"
 *  alt   what is seen, for those who do not see it */
std::string html_picture(std::string_view bytes, std::string_view type, std::string_view alt);

struct HtmlCard {
  Image picture;  // shown as it is
  std::string alt;
  std::vector<std::string> lines;
};
/** Small pictures in rows, each with its lines below, as JPEGs of quality 80. */
std::string html_cards(const std::vector<HtmlCard>& cards);

}  // namespace linnet
