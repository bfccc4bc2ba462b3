// The whole program: build/libexec/linnet/linnet-run. People start `linnet` (launcher.cpp), which
// answers what needs no LibTorch and leaves the rest to this one.
#include <malloc.h>

#include <memory>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/job_table.h"
#include "linnet/cli/front.h"
#include "linnet/cli/json_reporter.h"
#include "linnet/core/console_reporter.h"
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

void run_job(const Command& command) {
  set_threads();
  std::unique_ptr<Reporter> reporter;
  if (command.json)
    reporter = std::make_unique<JsonReporter>();
  else
    reporter = std::make_unique<ConsoleReporter>();
  const Job& job = *command.job;
  const Json result = job.run(Request(job.name, job.fields(), command.given), *reporter);
  if (!result.is_null()) reporter->event("result", result);
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
  return linnet::cli::run_program(arguments, linnet::cli::run_job);
}
