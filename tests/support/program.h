#pragma once

#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"

namespace linnet::test {

/** What a run of build/bin/linnet did. */
struct ProgramRun {
  int exit_code = -1;  // 128 + N when signal N ended it
  std::string out;
  std::string err;

  std::vector<std::string> out_lines() const;
  /** The lines of stdout as JSON; fails the test when one is none. */
  std::vector<Json> json_lines() const;
};

struct ProgramOptions {
  std::map<std::string, std::string> environment = {};  // beside this process's
  std::filesystem::path folder = {};                    // where it runs; here when empty
  std::optional<rlim_t> file_bytes = std::nullopt;      // a file may not grow beyond
  std::filesystem::path out = {};                       // stdout goes there, and is not kept
  std::optional<std::chrono::milliseconds> kill_after = std::nullopt;  // SIGKILL then
};

/** Runs the program as a process of its own and waits for it. It is `LINNET_PROGRAM` when set, else
 * bin/linnet beside the folder of this test. */
ProgramRun run_linnet(const std::vector<std::string>& arguments,
                      const ProgramOptions& options = {});

/** Fails the test unless the program ended with that code and one line on stderr that begins with
 * "error: " and holds every one of `parts`. */
void expect_failure(const ProgramRun& run, int exit_code,
                    std::initializer_list<std::string_view> parts);

/** Whether what a program printed or wrote holds `part`. */
bool holds(std::string_view text, std::string_view part);

}  // namespace linnet::test
