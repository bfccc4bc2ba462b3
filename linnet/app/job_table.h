#pragma once

#include "linnet/app/job.h"
#include "linnet/core/json.h"

namespace linnet {

/** What is known of every registered job but how it runs: names, help and fields, choices included.
 * A front end that does not load LibTorch, or a page, works from it. */
Json job_table();

/** Registers the jobs of such a table that this program does not hold itself; all of them `run`. */
void register_jobs(const Json& table,
                   const std::function<Json(const Request&, Reporter&)>& run = nullptr);

Json to_json(const Field& field);
Field field_from_json(const Json& json);

}  // namespace linnet
