#include "linnet/app/uses/rows_out.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/io/atomic_file.h"

namespace linnet {

void check_rows_out(const Request& request, const std::vector<std::filesystem::path>& files) {
  if (!request.has("out")) return;
  if (files.size() != 1) {
    throw UsageError("predict", fmt::format("--out is for one CSV file, got {}", files.size()));
  }
  if (std::filesystem::exists(request.path("out"))) {
    throw UsageError("predict", fmt::format("--out: {} is there already", request.text("out")));
  }
}

void write_rows_out(const Request& request, const std::string& lines, Reporter& reporter) {
  if (!request.has("out")) return;
  write_atomically(request.path("out"), lines);
  reporter.note(fmt::format("written   {}", request.text("out")));
}

}  // namespace linnet
