#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/request.h"
#include "linnet/core/reporter.h"

// `linnet predict --out`: the rows of a CSV file with what is predicted behind them.
namespace linnet {

/** UsageError when --out is given for other than one file, or is there already. */
void check_rows_out(const Request& request, const std::vector<std::filesystem::path>& files);

/** Writes them when --out is given, and says so. IoError when that fails. */
void write_rows_out(const Request& request, const std::string& lines, Reporter& reporter);

}  // namespace linnet
