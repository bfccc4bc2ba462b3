#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "linnet/core/json.h"

namespace linnet::web {

/** What people should know of a model before they trust it, as names and values: what it is, what
 * it was trained on and when, who was held out, how well it does. Nothing that tells where files
 * lie. card  as read_learner_card gives it file  the model's; its date is the model's errors
 * IoError when the file is gone */
std::vector<std::pair<std::string, std::string>> model_facts(const Json& card,
                                                             const std::filesystem::path& file);

}  // namespace linnet::web
