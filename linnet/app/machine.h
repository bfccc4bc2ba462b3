#pragma once

#include <string>

#include "linnet/core/json.h"

namespace linnet {

/** The processor's name as the system tells it, or "unknown". */
std::string processor_name();

/** LibTorch's version by the name it is installed under: "1.13.1" from a Debian package whose
 * header says "1.13.0", else what its header says. */
std::string torch_version();

/** What a run was computed on: "processor", "cores", "memory" (bytes in all; null when not known),
 * "system" and "device". Nothing that names a person or the machine. */
Json machine_facts();

}  // namespace linnet
