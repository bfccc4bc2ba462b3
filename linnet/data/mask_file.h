#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/data/label.h"

namespace linnet {

/** Where the mask of a picture is, by its name; a rule that a saved learner keeps.
 *
 *      mask_file("labels/{stem}_P.png", path);   // images/a.png -> path/labels/a_P.png
 *      mask_file("labels", path);                // the same as "labels/{stem}.png"
 *      mask_file("{folder}/{stem}.mask.png");    // beside the picture
 *
 *  pattern  with {stem}, the picture's name without extension, or {name}, the whole name; relative
 *           to `root`, or to the picture's folder when it begins with {folder}/
 *  returns  a rule whose label is the path as text
 *  errors   UsageError for an empty pattern, another word in {} or none that tells pictures apart
 */
LabelRule mask_file(const std::string& pattern, const std::filesystem::path& root = {});

/** The names of classes, a line each, white space around them and empty lines left out: fastai's
 * codes.txt. DataError for a file that is missing or has no name. */
std::vector<Label> read_codes(const std::filesystem::path& file);

/** Those files that are no mask of another: for a folder that holds pictures and masks. */
std::vector<std::filesystem::path> without_masks(const std::vector<std::filesystem::path>& files,
                                                 const LabelRule& mask_of);

}  // namespace linnet
