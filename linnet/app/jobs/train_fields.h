#pragma once

#include <cstdint>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/metric/metric.h"

namespace linnet {

/** What `linnet train` can be asked for. */
std::vector<Field> train_fields();

/** UsageError that names the first of these metrics which cannot judge a recogniser of `classes`
 * classes. */
void check_metrics(const std::vector<MetricSpec>& metrics, int64_t classes);

}  // namespace linnet
