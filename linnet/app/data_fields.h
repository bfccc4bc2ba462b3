#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"

// Fields that jobs on data of different kinds share, described once. `items` is what one datum is
// called: "pictures", "rows".
namespace linnet {

/** The fields "valid-pct" and "test-pct". */
std::vector<Field> held_out_fields(std::string_view items);
/** The field "subset". */
Field subset_field(std::string_view items);
/** The field "seed". */
Field seed_field();
/** The field "batch-size". */
Field batch_size_field(std::string_view items, int64_t preset = 64);
/** The field "workers". */
Field workers_field();

/** The field "delimiter" of a CSV file, and what was asked for by it: UsageError for what is no
 * single character. */
Field delimiter_field();
char delimiter_of(const Request& request);

}  // namespace linnet
