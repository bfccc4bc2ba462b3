#pragma once

#include <string>
#include <vector>

#include "linnet/app/job.h"

namespace linnet::cli {

/** What a command line asks for. */
struct Command {
  enum class Kind { run, help, version };
  Kind kind = Kind::help;
  const Job* job = nullptr;  // to run, or to help with; null: the program as a whole
  std::string group = {};    // the commands that `help` shows, "data"; empty: all
  Json given = Json::object();
  bool json = false;
};

/** Whether `--json` is among them: asked before anything can go wrong. */
bool wants_json(const std::vector<std::string>& arguments);

/** Reads a command line (without the program's own name) by the tables of the registered jobs.
 * UsageError for an unknown command or option (the nearest are offered) or a wrong value. */
Command parse_arguments(const std::vector<std::string>& arguments);

}  // namespace linnet::cli
