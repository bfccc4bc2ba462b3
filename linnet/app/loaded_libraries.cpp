#include "linnet/app/loaded_libraries.h"

#include <torch/utils.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "linnet/core/timer.h"

namespace linnet {

namespace fs = std::filesystem;

std::vector<fs::path> loaded_libraries() {
  std::vector<fs::path> libraries;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const size_t slash = line.find('/');
    if (slash == std::string::npos || line.find(".so") == std::string::npos) continue;
    const fs::path path = line.substr(slash);
    if (std::find(libraries.begin(), libraries.end(), path) == libraries.end())
      libraries.push_back(path);
  }
  return libraries;
}

std::optional<fs::path> find_library(const std::vector<fs::path>& libraries,
                                     std::string_view beginning) {
  for (const fs::path& library : libraries) {
    if (library.filename().string().starts_with(beginning)) return library;
  }
  return std::nullopt;
}

std::string version_in_name(const fs::path& library) {
  const std::string name = library.filename().string();
  const size_t at = name.find(".so.");
  return at == std::string::npos ? "" : name.substr(at + 4);
}

double matrix_gflops(int64_t n) {
  const torch::NoGradGuard no_grad;
  const auto a = torch::ones({n, n});
  const auto b = torch::ones({n, n});
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double began = seconds_now();
    torch::mm(a, b);
    best = std::min(best, seconds_now() - began);
  }
  return 2.0 * static_cast<double>(n * n * n) / best / 1e9;
}

}  // namespace linnet
