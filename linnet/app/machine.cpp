#include "linnet/app/machine.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "linnet/app/torch_package.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

Json memory_bytes() {
  const auto pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
  return pages > 0 && page > 0 ? Json(int64_t{pages} * int64_t{page}) : Json(nullptr);
}

std::string system_name() {
  utsname name = {};
  if (uname(&name) != 0) return "unknown";
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

}  // namespace

std::string processor_name() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("model name"))
      return std::string(trim(std::string_view(line).substr(line.find(':') + 1)));
  }
  return "unknown";
}

std::string torch_version() {
  return std::string(kTorchPackage.empty() ? TORCH_VERSION : kTorchPackageVersion);
}

std::string torch_advice(std::string_view version) {
  for (const std::string_view tested : {"1.13", "2.6"}) {
    const std::string_view after = version.substr(std::min(tested.size(), version.size()));
    if (version.starts_with(tested) && (after.empty() || after.front() == '.')) return {};
  }
  return "linnet is tested with LibTorch 1.13 and 2.6, of Debian 12 and 13. Run ./dev test to see "
         "whether it works with this one.";
}

Json machine_facts() {
  const int64_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::string device = torch::cuda::is_available() ? "CUDA" : "CPU";
  return Json{{"processor", processor_name()},
              {"cores", cores},
              {"memory", memory_bytes()},
              {"system", system_name()},
              {"device", device}};
}

}  // namespace linnet
