// `linnet`: answers help, version, wrong commands and completions from a table made at build time,
// for loading LibTorch takes half a second, and becomes the whole program, linnet-run, for the jobs
// that it does not hold itself.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/job_table.h"
#include "linnet/cli/completion.h"
#include "linnet/cli/front.h"
#include "linnet/cli/job_runner.h"
#include "linnet/cli/job_table_text.h"
#include "linnet/core/error.h"
#include "linnet/core/output.h"
#include "linnet/core/strings.h"

namespace linnet::cli {

namespace {

std::filesystem::path whole_program() {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  return here.parent_path() / "libexec/linnet/linnet-run";
}

// Never returns; `words` are those of main.
[[noreturn]] void become_whole_program(const Command& command, char** words) {
  // Tells what is missing.
  [[maybe_unused]] const Request request(command.job->name, command.job->fields(), command.given);
  const auto program = whole_program();
  // OpenMP's threads that wait for work turn in a loop for a while: so long that the threads that
  // read the next pictures miss the processor. Can only be said before the program starts.
  setenv("GOMP_SPINCOUNT", "5000", /*replace=*/0);
  execv(program.c_str(), words);
  throw IoError("linnet", program,
                std::string("cannot be started: ") + std::strerror(errno) +
                    ". It belongs to linnet: install it again");
}

}  // namespace

}  // namespace linnet::cli

int main(int count, char** words) {
  using namespace linnet::cli;
  linnet::register_jobs(linnet::Json::parse(job_table_text()));
  std::vector<std::string> arguments(words + 1, words + count);
  if (!arguments.empty() && arguments.front() == "--complete") {  // for the shells' scripts
    arguments.erase(arguments.begin());
    linnet::print_line(stdout, linnet::trim(completion_lines(complete(arguments))));
    return 0;
  }
  return run_program(arguments, [&](const Command& command) {
    if (command.job->run)
      run_job(command);
    else
      become_whole_program(command, words);
  });
}
