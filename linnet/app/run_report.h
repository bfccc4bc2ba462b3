#pragma once

#include <filesystem>

#include "linnet/core/reporter.h"

namespace linnet {

/** Writes report.html into a run's folder: one page, in one file, of what was trained on what, how
 * well, where it errs, and how to do it again. Made from what the folder holds (config.json,
 * log.csv, split.csv, the model, looks at a test set) and from the held-out pictures where they are
 * still there; a part that cannot be made says why. Returns the file.
 *  errors  DataError when the folder holds no run; IoError when the report cannot be written
 */
std::filesystem::path write_run_report(const std::filesystem::path& run, Reporter& reporter);

}  // namespace linnet
