#pragma once

#include <string>
#include <string_view>

#include "linnet/core/json.h"

namespace linnet {

/** The processor's name as the system tells it, or "unknown". */
std::string processor_name();

/** LibTorch's version by the name it is installed under: "1.13.1" from a Debian package whose
 * header says "1.13.0", else what its header says. */
std::string torch_version();

/** What to say about a LibTorch of that version when linnet's tests do not run on it; empty for
 * those of Debian 12 and 13, 1.13 and 2.6. */
std::string torch_advice(std::string_view version);

/** What a run was computed on: "processor", "cores", "memory" (bytes in all; null when not known),
 * "system" and "device". Nothing that names a person or the machine. */
Json machine_facts();

}  // namespace linnet
