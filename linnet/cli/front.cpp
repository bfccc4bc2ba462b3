#include "linnet/cli/front.h"

#include <csignal>
#include <cstdio>
#include <exception>

#include "linnet/app/job_help.h"
#include "linnet/cli/failure.h"
#include "linnet/cli/json_reporter.h"
#include "linnet/core/console_reporter.h"
#include "linnet/core/output.h"
#include "linnet/core/strings.h"
#include "linnet/core/version.h"

namespace linnet::cli {

namespace {

// A full disk or a closed pipe is an error that is told, not a signal that kills a training run.
void ignore_signals() {
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

void print_help(const Command& command) {
  const std::string text =
      command.job != nullptr ? job_help(*command.job) : program_help(command.group);
  print_line(stdout, trim(text));
}

int tell_failure(const std::exception& error, bool json) {
  const Failure failure = failure_of(error);
  print_line(stderr, labelled("error", failure.message));
  if (json) {
    JsonReporter().event("error", Json{{"kind", failure.kind},
                                       {"message", failure.message},
                                       {"exit_code", failure.exit_code}});
  }
  return failure.exit_code;
}

}  // namespace

int run_program(const std::vector<std::string>& arguments,
                const std::function<void(const Command&)>& run) {
  try {
    ignore_signals();
    const Command command = parse_arguments(arguments);
    switch (command.kind) {
      case Command::Kind::version:
        print_line(stdout, std::string("linnet ") + kVersion);
        break;
      case Command::Kind::help:
        print_help(command);
        break;
      case Command::Kind::run:
        run(command);
        break;
    }
    check_stdout();
    return 0;
  } catch (const std::exception& error) {
    return tell_failure(error, wants_json(arguments));
  }
}

}  // namespace linnet::cli
