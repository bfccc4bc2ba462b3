#pragma once

#include <string_view>

namespace linnet::cli {

/** The table that the whole program wrote of its jobs when it was built (app/job_table.h): JSON. */
std::string_view job_table_text();

}  // namespace linnet::cli
