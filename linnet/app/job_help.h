#pragma once

#include <string>
#include <string_view>

#include "linnet/app/job.h"

namespace linnet {

/** What the program is, its commands and where to begin. `group` ("data") shows only the commands
 * that begin so; empty: all. */
std::string program_help(std::string_view group = {});

/** Usage, what the job does, every field with its default, examples. */
std::string job_help(const Job& job);

}  // namespace linnet
