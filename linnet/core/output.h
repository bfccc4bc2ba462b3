#pragma once

#include <cstdio>
#include <string_view>

namespace linnet {

/** Writes one line and flushes, so that people and logs see it now, also through a pipe. A stream
 * that takes no more is no reason to stop a training run: `check_stdout` tells at the end. */
void print_line(std::FILE* stream, std::string_view line);

/** IoError when something printed did not reach stdout, on a full disk; a reader that went away, as
 * `| head` does, is no error. */
void check_stdout();

}  // namespace linnet
