#pragma once

#include "linnet/cli/argv.h"

namespace linnet::cli {

/** Runs the command's job in this process, with the reporter that the command line asks for. */
void run_job(const Command& command);

}  // namespace linnet::cli
