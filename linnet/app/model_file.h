#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/field.h"

namespace linnet {

/** The field "model" of a job that is given a saved learner: see `model_file`. */
Field model_field();

/** The saved learner that a person means: a model.safetensors, or the run's folder that holds one.
 * DataError, begun by `where`, when there is none. */
std::filesystem::path model_file(const std::filesystem::path& given, std::string_view where);

/** Pictures as a person names them: files as they are, whatever is wrong with them, and in place of
 * a folder the pictures below it. DataError, begun by `where`, for a folder without any. */
std::vector<std::filesystem::path> pictures_of(const std::vector<std::string>& given,
                                               std::string_view where);

}  // namespace linnet
