// The whole program: build/libexec/linnet/linnet-run. People start `linnet` (launcher.cpp), which
// answers what needs no LibTorch and leaves the rest to this one.
#include <malloc.h>

#include <string>
#include <vector>

#include "linnet/app/job_table.h"
#include "linnet/cli/front.h"
#include "linnet/cli/job_runner.h"
#include "linnet/core/device.h"
#include "linnet/core/output.h"

namespace linnet::cli {

namespace {

// glibc gives large blocks back to the system when they are freed: with tensors, after every step,
// and the page faults cost more than the arithmetic (design.md, section 6).
void keep_freed_memory() {
  constexpr int kGigabyte = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kGigabyte);
  mallopt(M_TRIM_THRESHOLD, kGigabyte);
}

void run_with_threads(const Command& command) {
  set_threads();
  run_job(command);
}

}  // namespace

}  // namespace linnet::cli

int main(int count, char** words) {
  linnet::cli::keep_freed_memory();
  const std::vector<std::string> arguments(words + 1, words + count);
  if (arguments == std::vector<std::string>{"--job-table"}) {  // for the launcher, at build time
    linnet::print_line(stdout, linnet::job_table().dump());
    return 0;
  }
  return linnet::cli::run_program(arguments, linnet::cli::run_with_threads);
}
