#include "linnet/app/job.h"
#include "linnet/cli/completion.h"
#include "linnet/core/strings.h"

namespace linnet::cli {

namespace {

std::vector<Field> completion_fields() {
  return {{.name = "shell",
           .kind = FieldKind::choice,
           .help = "bash, fish or zsh",
           .choices = completion_shells(),
           .positional = true,
           .required = true}};
}

Json run_completion(const Request& request, Reporter& reporter) {
  const std::string_view script = completion_script(request.text("shell"));
  reporter.note(trim(script));
  return Json{{"script", script}};
}

}  // namespace

const Registered<Job> completion_job{
    {.name = "completion",
     .summary = "print a script that completes linnet's commands in a shell",
     .help = "The tab key then completes commands, options, their values and file names. Packages\n"
             "install these scripts. Where linnet was built from source, add the line for your\n"
             "shell to its startup file; linnet has to be in PATH.\n\n"
             "Examples\n"
             "  source <(linnet completion bash)           in ~/.bashrc\n"
             "  source <(linnet completion zsh)            in ~/.zshrc, after compinit\n"
             "  linnet completion fish | source            in ~/.config/fish/config.fish",
     .fields = completion_fields,
     .run = run_completion}};

}  // namespace linnet::cli
