#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/job.h"

namespace linnet {

/** One row of a list of commands, options, exit codes or settings. */
struct PageRow {
  std::string name;        // "train segment", "--arch", "PICTURE", "LINNET_HOME"
  std::string value = {};  // what follows the name: "NAME", "..."; empty: nothing
  std::string text = {};   // what it means, with choices and default
};

struct PageSection {
  std::string title;  // "Options"
  std::vector<PageRow> rows;
};

/** All there is to say about a command, not yet laid out: help for a terminal (app/job_help) and
 * manual pages (cli/man_page) are made from it. */
struct CommandPage {
  std::string name;       // "linnet train segment"
  std::string arguments;  // what follows the name: "PATH [OPTIONS]"
  std::string summary;    // one line
  std::string text;      // paragraphs; indented lines keep their layout, `commands` stand in quotes
  std::string examples;  // indented lines; empty: none
  std::vector<PageSection> sections;
};

CommandPage command_page(const Job& job);

/** The commands of which `group` ("data") is the first word. */
CommandPage group_page(std::string_view group);

CommandPage program_page();

/** Words that only begin the names of commands, such as "data" of "data get". */
std::vector<std::string> command_groups();

/** The page of the program, of each group and of each command, in this order. */
std::vector<CommandPage> all_pages();

}  // namespace linnet
