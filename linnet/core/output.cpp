#include "linnet/core/output.h"

#include <cerrno>

#include "linnet/core/error.h"

namespace linnet {

namespace {

int first_failure = 0;  // why a line did not reach stdout

void note_failure(std::FILE* stream, bool written) {
  if (!written && stream == stdout && first_failure == 0) first_failure = errno;
}

}  // namespace

void print_line(std::FILE* stream, std::string_view line) {
  const bool written = std::fwrite(line.data(), 1, line.size(), stream) == line.size() &&
                       std::fputc('\n', stream) != EOF && std::fflush(stream) == 0;
  note_failure(stream, written);
}

void check_stdout() {
  note_failure(stdout, std::fflush(stdout) == 0);
  if (first_failure == 0 || first_failure == EPIPE) return;
  throw IoError("linnet", "standard output cannot be written in full. Is the disk full?");
}

}  // namespace linnet
