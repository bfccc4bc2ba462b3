#pragma once

#include <string>
#include <string_view>

#include "linnet/app/command_page.h"

namespace linnet::cli {

/** "linnet-train-segment" of the page "linnet train segment"; ".1" added is its file's name. */
std::string man_name(const CommandPage& page);

/** The page as roff with the man macros, for section 1; ends with a newline. */
std::string man_page(const CommandPage& page);

/** Text so escaped that roff prints it unchanged, wherever in a line it comes. */
std::string roff_text(std::string_view text);

}  // namespace linnet::cli
