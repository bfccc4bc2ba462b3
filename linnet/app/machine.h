#pragma once

#include <string>

#include "linnet/core/json.h"

namespace linnet {

/** The processor's name as the system tells it, or "unknown". */
std::string processor_name();

/** What a run was computed on: "processor", "cores", "memory" (bytes in all; null when not known),
 * "system" and "device". Nothing that names a person or the machine. */
Json machine_facts();

}  // namespace linnet
