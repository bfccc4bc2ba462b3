#pragma once

#include <functional>
#include <string>
#include <vector>

#include "linnet/cli/argv.h"

namespace linnet::cli {

/** All that the program does around a job: reads the command line, answers help and version, gives
 * a job to `run`, tells an error and turns it into the exit code, which is returned. */
int run_program(const std::vector<std::string>& arguments,
                const std::function<void(const Command&)>& run);

}  // namespace linnet::cli
