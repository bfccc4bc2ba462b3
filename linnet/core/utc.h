#pragma once

#include <string>

namespace linnet {

/** This moment in coordinated universal time, to the second: "2026-01-31T17:05:09Z". */
std::string utc_now();

}  // namespace linnet
