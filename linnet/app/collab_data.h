#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/collab/loaders.h"
#include "linnet/collab/side.h"
#include "linnet/core/json.h"

namespace linnet {

/** The fields of a job on ratings: "path" (a CSV file), "user", "item", "rating", "delimiter",
 * "no-header", "repeated", "valid-pct", "test-pct", "seed" and "batch-size". */
std::vector<Field> collab_data_fields();

/** UsageError for what can be told to be wrong before the file is read. */
void check_collab_data(const Request& request);

/** The loaders that the request asks for. Errors as CollabDataLoaders. */
CollabDataLoaders load_collab_data(const Request& request, Reporter& reporter);

/** How the file of a model's data was read, by what its loaders knew of them; its split is another
 * thing. */
CollabLoaderOptions collab_options_of(const Json& about);

/** "user" and "item" as the columns of the model's data are called: "userId". */
std::string column_of(const Learner& learn, Side side);

/** A user or item as people write it: the number "42" where the model's are numbers. */
Label label_in(const Learner& learn, Side side, const std::string& text);

}  // namespace linnet
