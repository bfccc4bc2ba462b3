#include "linnet/interpret/report.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/markup.h"
#include "linnet/core/version.h"
#include "linnet/interpret/report_style.h"
#include "linnet/media/encode.h"

namespace linnet {

namespace {

constexpr int64_t kCardQuality = 80;

std::string data_address(std::string_view bytes, std::string_view type) {
  return fmt::format("data:{};base64,{}", type, base64(bytes));
}

std::string table_head(const HtmlTable& table) {
  std::string html = "<thead><tr>";
  for (size_t i = 0; i < table.header.size(); ++i) {
    html += fmt::format("<th scope=\"col\"{}>{}</th>",
                        i >= table.text_columns ? " class=\"number\"" : "",
                        escaped_markup(table.header[i]));
  }
  return html + "</tr></thead>";
}

std::string table_row(const HtmlTable& table, const std::vector<std::string>& row) {
  if (row.size() != table.header.size()) {
    throw UsageError("html_table", fmt::format("got a row of {} cells, expected {} as the header",
                                               row.size(), table.header.size()));
  }
  std::string html = "<tr>";
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string text = escaped_markup(row[i]);
    const char* look = i >= table.text_columns ? " class=\"number\"" : "";
    html += i == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", look, text)
                   : fmt::format("<td{}>{}</td>", look, text);
  }
  return html + "</tr>\n";
}

std::string contents(const Report& report) {
  std::string html = "<nav aria-label=\"Contents\"><ul>\n";
  for (const ReportSection& section : report.sections)
    html +=
        fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, escaped_markup(section.title));
  return html + "</ul></nav>\n";
}

}  // namespace

std::string report_page(const Report& report) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"generator\" content=\"linnet {}\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n"
      "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n",
      kVersion, escaped_markup(report.title), kReportStyle);
  html += fmt::format("<header>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n</header>\n",
                      escaped_markup(report.title), escaped_markup(report.lead));
  html += contents(report) + "<main id=\"content\">\n";
  for (const ReportSection& section : report.sections) {
    html += fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}"
        "</section>\n",
        section.id, escaped_markup(section.title), section.body);
  }
  return html + "</main>\n<footer>\n" + html_paragraph(report.foot) +
         "</footer>\n</body>\n</html>\n";
}

ReportSection report_section(std::string id, std::string title,
                             const std::function<std::string()>& body) {
  ReportSection section{std::move(id), std::move(title), ""};
  try {
    section.body = body();
  } catch (const std::exception& e) {
    section.body = html_note(fmt::format("This part could not be made: {}", e.what()));
  }
  return section;
}

std::string html_paragraph(std::string_view text) {
  return "<p>" + escaped_markup(text) + "</p>\n";
}

std::string html_note(std::string_view text) {
  return "<p class=\"note\">" + escaped_markup(text) + "</p>\n";
}

std::string html_code(std::string_view text) {
  return "<pre tabindex=\"0\"><code>" + escaped_markup(text) + "</code></pre>\n";
}

std::string html_table(const HtmlTable& table, size_t folded) {
  const std::string caption = escaped_markup(table.caption);
  std::string html = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table>\n"
      "<caption>{0}</caption>\n{1}\n<tbody>\n",
      caption, table_head(table));
  for (const auto& row : table.rows) html += table_row(table, row);
  html += "</tbody>\n</table>\n</div>\n";
  if (table.rows.size() <= folded) return html;
  return fmt::format("<details><summary>{} ({} rows)</summary>\n{}</details>\n", caption,
                     table.rows.size(), html);
}

std::string html_facts(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::string html = "<dl>\n";
  for (const auto& [name, text] : facts) {
    if (text.empty()) continue;
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped_markup(name), escaped_markup(text));
  }
  return html + "</dl>\n";
}

std::string html_drawing(std::string_view svg, std::string_view caption) {
  const std::string words = escaped_markup(caption);
  return fmt::format(
      "<figure class=\"diagram\">\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
      "aria-label=\"{0}\">\n{1}</div>\n<figcaption>{0}</figcaption>\n</figure>\n",
      words, svg);
}

std::string html_picture(std::string_view bytes, std::string_view type, std::string_view alt) {
  return fmt::format("<img class=\"chart\" src=\"{}\" alt=\"{}\">\n", data_address(bytes, type),
                     escaped_markup(alt));
}

std::string html_cards(const std::vector<HtmlCard>& cards) {
  std::string html = "<ul class=\"cards\">\n";
  for (const HtmlCard& card : cards) {
    const auto jpeg = encode_image(card.picture, "jpeg", kCardQuality);
    html += fmt::format(
        "<li><figure><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\"><figcaption>",
        data_address({reinterpret_cast<const char*>(jpeg.data()), jpeg.size()}, "image/jpeg"),
        card.picture.width(), card.picture.height(), escaped_markup(card.alt));
    for (const std::string& line : card.lines) html += "<span>" + escaped_markup(line) + "</span>";
    html += "</figcaption></figure></li>\n";
  }
  return html + "</ul>\n";
}

}  // namespace linnet
