#include "linnet/cli/job_runner.h"

#include <memory>

#include "linnet/cli/json_reporter.h"
#include "linnet/core/console_reporter.h"

namespace linnet::cli {

void run_job(const Command& command) {
  std::unique_ptr<Reporter> reporter;
  if (command.json)
    reporter = std::make_unique<JsonReporter>();
  else
    reporter = std::make_unique<ConsoleReporter>();
  const Job& job = *command.job;
  const Json result = job.run(Request(job.name, job.fields(), command.given), *reporter);
  if (!result.is_null()) reporter->event("result", result);
}

}  // namespace linnet::cli
