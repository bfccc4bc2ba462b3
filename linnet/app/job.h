#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/core/registry.h"
#include "linnet/core/reporter.h"

namespace linnet {

/** Something linnet does for people: a command of the program, a page of the web app. One file in
 * app/jobs each, which ends with its row: `const Registered<Job> row{...}`. No other file is edited
 * for a new one.
 */
struct Job {
  std::string name;     // "train", "data get": a space makes a command within a command
  std::string summary;  // one line, for the list of commands
  std::string help;     // what it does and, from a line "Examples" on, commands to copy
  /** Its inputs, in the order in which help shows them. A function, for choices come from
   * registries. */
  std::function<std::vector<Field>()> fields;
  /** Does it. Tells people and machines by the reporter; what it returns (null: nothing) is the
   * result for machines: paths and figures. Throws UsageError, DataError or IoError. */
  std::function<Json(const Request& request, Reporter& reporter)> run;
};

template <>
Registry<Job>& registry<Job>();

/** Runs the job of that name: one job's way to use another. `given` as for Request. */
Json run_job(std::string_view name, const Json& given, Reporter& reporter);

}  // namespace linnet
