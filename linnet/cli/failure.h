#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace linnet::cli {

/** How the program ends on an error. */
struct Failure {
  int exit_code = 1;      // 2 usage, 3 data, 4 disk or network, 1 anything else
  std::string_view kind;  // "usage", "data", "io", "other"
  std::string message;    // one line
};

/** What is said, and the exit code, for an error that reached the program's end. */
Failure failure_of(const std::exception& error);

}  // namespace linnet::cli
