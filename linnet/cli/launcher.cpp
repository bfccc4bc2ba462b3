// `linnet`: answers help, version and wrong commands from a table made at build time, for loading
// LibTorch takes half a second, and becomes the whole program, linnet-run, for the rest.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/job_table.h"
#include "linnet/cli/front.h"
#include "linnet/cli/job_table_text.h"
#include "linnet/core/error.h"

namespace linnet::cli {

namespace {

std::filesystem::path whole_program() {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  return here.parent_path() / "libexec/linnet/linnet-run";
}

}  // namespace

}  // namespace linnet::cli

int main(int count, char** words) {
  linnet::register_jobs(linnet::Json::parse(linnet::cli::job_table_text()));
  const auto become = [&](const linnet::cli::Command& command) {
    linnet::Request(command.job->name, command.job->fields(),
                    command.given);  // tells what is missing
    const auto program = linnet::cli::whole_program();
    // OpenMP's threads that wait for work turn in a loop for a while: so long that the threads that
    // read the next pictures miss the processor. Can only be said before the program starts.
    setenv("GOMP_SPINCOUNT", "5000", /*replace=*/0);
    execv(program.c_str(), words);
    throw linnet::IoError("linnet", program,
                          std::string("cannot be started: ") + std::strerror(errno) +
                              ". It belongs to linnet: install it again");
  };
  return linnet::cli::run_program(std::vector<std::string>(words + 1, words + count), become);
}
