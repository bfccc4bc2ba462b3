#pragma once

#include <string>
#include <utility>
#include <vector>

#include "linnet/app/field.h"

namespace linnet::web {

/** The service as programs read it.
 *  forms  what each model is asked with, by the model's name; the first is the one that answers
 *         when none is named
 *  source OpenAPI 3.1 */
Json openapi(const std::vector<std::pair<std::string, std::vector<Field>>>& forms, bool has_token);

}  // namespace linnet::web
