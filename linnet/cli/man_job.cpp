#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/cli/man_page.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/atomic_file.h"

namespace linnet::cli {

namespace {

namespace fs = std::filesystem;

std::vector<Field> man_fields() {
  return {
      {.name = "command",
       .help = "the command's words; without any the program's own page",
       .positional = true,
       .repeated = true},
      {.name = "out",
       .kind = FieldKind::path,
       .help = "instead of printing one page, write the pages of all commands to this directory",
       .preset_note = "none",
       .placeholder = "DIR"}};
}

const CommandPage& page_named(const std::vector<CommandPage>& pages, const std::string& words) {
  const std::string name = words.empty() ? "linnet" : "linnet " + words;
  std::vector<std::string> known;
  for (const CommandPage& page : pages) {
    if (page.name == name) return page;
    if (page.name != "linnet") known.push_back(page.name.substr(page.name.find(' ') + 1));
  }
  throw UsageError("man", unknown_name("command", shown_text(words), known));
}

Json write_pages(const std::vector<CommandPage>& pages, const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) throw IoError("man", folder, "cannot be made: " + failure.message());
  Json files(Json::Array{});
  for (const CommandPage& page : pages) {
    const fs::path file = folder / (man_name(page) + ".1");
    write_atomically(file, man_page(page));
    files.push_back(file.string());
  }
  return Json{{"files", files}};
}

Json run_man(const Request& request, Reporter& reporter) {
  const auto pages = all_pages();
  const auto words = request.has("command") ? request.texts("command") : std::vector<std::string>();
  if (request.has("out")) {
    if (!words.empty())
      throw UsageError("man", "--out writes the pages of all commands: name none beside it.");
    return write_pages(pages, request.path("out"));
  }
  const std::string text = man_page(page_named(pages, join(words, " ")));
  reporter.note(trim(text));
  return Json{{"page", text}};
}

}  // namespace

const Registered<Job> man_job{
    {.name = "man",
     .summary = "print the manual page of a command, as roff",
     .help = "Packages install these pages: `man linnet-train` shows them. Where linnet was built "
             "from\nsource, pipe them into man.\n\n"
             "Examples\n"
             "  linnet man train segment | man -l -\n"
             "  linnet man --out ~/.local/share/man/man1",
     .fields = man_fields,
     .run = run_man}};

}  // namespace linnet::cli
