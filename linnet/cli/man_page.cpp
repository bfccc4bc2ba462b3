#include "linnet/cli/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "linnet/core/strings.h"
#include "linnet/core/version.h"

namespace linnet::cli {

namespace {

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string bold(std::string_view text) { return "\\fB" + roff_text(text) + "\\fR"; }

// Placeholders are in capitals: they are set in italics, the rest as it is.
std::string with_placeholders(std::string_view text) {
  const auto is_capital = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
  std::string roff;
  for (size_t at = 0; at < text.size();) {
    const bool capital = is_capital(text[at]);
    size_t end = at;
    while (end < text.size() && is_capital(text[end]) == capital) ++end;
    const std::string part = roff_text(text.substr(at, end - at));
    roff += capital ? "\\fI" + part + "\\fR" : part;
    at = end;
  }
  return roff;
}

// What stands between backquotes is a command: bold.
std::string prose(std::string_view text) {
  std::string roff;
  bool quoted = false;
  for (const std::string& part : split(text, '`')) {
    roff += quoted ? bold(part) : roff_text(part);
    quoted = !quoted;
  }
  return roff;
}

std::string kept_lines(const std::vector<std::string>& lines) {
  std::string roff = ".RS 4\n.nf\n";
  for (const std::string& line : lines)
    roff += roff_text(line.starts_with("  ") ? std::string_view(line).substr(2) : line) + "\n";
  return roff + ".fi\n.RE\n";
}

// Lines that are indented keep their layout, others are filled up to the next empty line.
std::string paragraphs(std::string_view text) {
  std::string roff;
  std::string filled;
  std::vector<std::string> kept;
  const auto finish = [&] {
    if (!filled.empty()) roff += ".PP\n" + prose(filled) + "\n";
    if (!kept.empty()) roff += ".PP\n" + kept_lines(kept);
    filled.clear();
    kept.clear();
  };
  for (const std::string& line : split(text, '\n')) {
    const bool indented = line.starts_with("  ");
    if (trim(line).empty() || (indented ? !filled.empty() : !kept.empty())) finish();
    if (trim(line).empty()) continue;
    if (indented)
      kept.push_back(line);
    else
      filled += (filled.empty() ? "" : " ") + std::string(trim(line));
  }
  finish();
  // The first paragraph follows its heading at once.
  constexpr std::string_view kParagraph = ".PP\n";
  return roff.starts_with(kParagraph) ? roff.substr(kParagraph.size()) : roff;
}

std::string section_of(const PageSection& section) {
  std::string title = upper_case(section.title);
  if (title == "EXIT CODES") title = "EXIT STATUS";  // its name in all manuals
  std::string roff = fmt::format(".SH {}\n", title);
  for (const PageRow& row : section.rows) {
    const std::string_view gap = row.value.empty() || row.value == "..." ? "" : " ";
    roff += fmt::format(".TP\n{}{}{}\n{}\n", bold(row.name), gap, with_placeholders(row.value),
                        prose(row.text));
  }
  return roff;
}

// The program's own page, and those whose names begin with this one's or are its beginning.
std::string related_pages(const CommandPage& page) {
  const std::string own = man_name(page);
  std::vector<std::string> names;
  for (const CommandPage& other : all_pages()) {
    const std::string name = man_name(other);
    if (name == own) continue;
    if (name == "linnet" || name.starts_with(own + "-") || own.starts_with(name + "-"))
      names.push_back(fmt::format("\\fB{}\\fR(1)", roff_text(name)));
  }
  return names.empty() ? "" : ".SH SEE ALSO\n" + join(names, ",\n") + "\n";
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string roff;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '\\':
        roff += "\\e";
        break;
      case '-':  // an option's dash, which can be searched for and copied
        roff += "\\-";
        break;
      case '\'':
        roff += "\\(aq";
        break;
      case '"':
        roff += "\\(dq";
        break;
      case '`':
        roff += "\\(ga";
        break;
      case '^':
        roff += "\\(ha";
        break;
      case '~':
        roff += "\\(ti";
        break;
      case '.':  // at the beginning of a line it would be a request
        roff += i == 0 ? "\\&." : ".";
        break;
      default:
        roff += text[i];
    }
  }
  return roff;
}

std::string man_name(const CommandPage& page) {
  std::string name = page.name;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string man_page(const CommandPage& page) {
  const std::string name = man_name(page);
  std::string roff = ".\\\" Made by `linnet man` from the table of commands.\n";
  // No date: the same sources give the same page.
  roff += fmt::format(".TH {} 1 \"\" \"linnet {}\" \"linnet manual\"\n",
                      roff_text(upper_case(name)), kVersion);
  roff += ".nh\n.ad l\n";  // names are to be copied whole
  roff += fmt::format(".SH NAME\n{} \\- {}\n", roff_text(name), prose(page.summary));
  roff += fmt::format(".SH SYNOPSIS\n{} {}\n", bold(page.name), with_placeholders(page.arguments));
  const std::string about = paragraphs(page.text);
  roff += ".SH DESCRIPTION\n" + (about.empty() ? prose(page.summary) + "\n" : about);
  for (const PageSection& section : page.sections) roff += section_of(section);
  if (!trim(page.examples).empty()) {
    const std::string lines = page.examples.substr(0, page.examples.find_last_not_of('\n') + 1);
    roff += ".SH EXAMPLES\n" + kept_lines(split(lines, '\n'));
  }
  return roff + related_pages(page);
}

}  // namespace linnet::cli
