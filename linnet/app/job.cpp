#include "linnet/app/job.h"

namespace linnet {

template <>
Registry<Job>& registry<Job>() {
  static Registry<Job> rows("command");
  return rows;
}

Json run_job(std::string_view name, const Json& given, Reporter& reporter) {
  const Job& job = registry<Job>().at(name);
  return job.run(Request(job.name, job.fields(), given), reporter);
}

}  // namespace linnet
