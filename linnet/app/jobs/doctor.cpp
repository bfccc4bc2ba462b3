#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "linnet/app/job.h"
#include "linnet/app/loaded_libraries.h"
#include "linnet/app/machine.h"
#include "linnet/app/torch_package.h"
#include "linnet/core/device.h"
#include "linnet/core/strings.h"
#include "linnet/core/version.h"
#include "linnet/io/cache.h"
#include "linnet/train/precision.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

/** One thing looked at. `advice` is empty when all is well with it. */
struct Finding {
  std::string name;
  std::string value;
  std::string advice = {};
};

Finding libtorch() {
  std::string text = torch_version();
  if (!kTorchPackage.empty()) text += fmt::format(" (package {})", kTorchPackage);
  return {"LibTorch", text, torch_advice(torch_version())};
}

Finding compiler() {
  const std::string version = __VERSION__;  // "12.2.0" of GCC, "Clang 14.0.6 ..." of Clang
  return {"compiler", version[0] <= '9' ? "GCC " + version : version};
}

Finding processor() { return {"processor", processor_name()}; }

Finding threads() {
  const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const int used = at::get_num_threads();
  Finding finding{"threads", fmt::format("{} used, {} cores", used, cores)};
  if (used < cores)
    finding.advice = "fewer threads than cores are used. Unset LINNET_THREADS to use all.";
  if (used > cores)
    finding.advice =
        fmt::format("more threads than cores slow each other. Set LINNET_THREADS={}.", cores);
  return finding;
}

// Debian's LibTorch calls whichever BLAS is installed; the plain one is about 20 times slower.
Finding blas(const std::vector<fs::path>& libraries) {
  constexpr double kSlowGflops = 8;  // the plain one gives 1 to 4, a tuned one 20 or more a core
  const auto tuned = find_library(libraries, "libopenblas");
  const auto mkl = find_library(libraries, "libmkl");
  const auto any = tuned ? tuned : mkl ? mkl : find_library(libraries, "libblas");
  const double gflops = matrix_gflops(1024);
  Finding finding{"BLAS", fmt::format("{}, {:.0f} GFLOP/s in a matrix product",
                                      any ? any->string() : "inside LibTorch", gflops)};
  if (any && !tuned && !mkl) {
    finding.advice =
        "this is the plain BLAS, many times slower. Install libopenblas0-openmp "
        "(apt-get install libopenblas0-openmp).";
  } else if (gflops < kSlowGflops) {
    finding.advice =
        "matrix products are slow here. Is the machine busy? Else install libopenblas0-openmp.";
  }
  return finding;
}

Finding device() {
  if (!torch::cuda::is_available()) return {"device", "CPU (LibTorch sees no CUDA GPU)"};
  return {"device", fmt::format("CUDA, {} GPU(s)", torch::cuda::device_count())};
}

Finding bfloat16() {
  const bool native = best_precision() == Precision::bfloat16;
  return {"bfloat16", native ? "native: --precision auto trains with it"
                             : "not in this processor: --precision auto trains in float32"};
}

// The nearest folder above that exists: there the space is looked up before the cache is made.
fs::path existing_part(fs::path path) {
  std::error_code failure;
  path = fs::absolute(path, failure);
  while (!path.empty() && path != path.root_path() && !fs::exists(path, failure))
    path = path.parent_path();
  return path;
}

Finding cache_folder() {
  const fs::path cache = cache_dir();
  std::error_code failure;
  Finding finding{"cache", cache.string()};
  const fs::path there = existing_part(cache);
  if (!fs::is_directory(there, failure)) {
    finding.advice = there.string() + " is no folder. Set LINNET_HOME to a folder for downloads.";
  } else if (access(there.c_str(), W_OK) != 0) {
    finding.advice = there.string() + " may not be written to. Set LINNET_HOME to another folder.";
  }
  return finding;
}

Finding free_disk() {
  constexpr double kFew = 5e9;  // pets and its unpacked copy take 1.6 GB, weights and runs the rest
  std::error_code failure;
  const auto space = fs::space(existing_part(cache_dir()), failure);
  if (failure) return {"free disk", "unknown: " + failure.message()};
  const auto free = static_cast<double>(space.available);
  Finding finding{"free disk", human_bytes(free) + " at the cache"};
  if (free < kFew)
    finding.advice = "that is little for data sets. Free some, or set LINNET_HOME elsewhere.";
  return finding;
}

Finding memory() {
  std::ifstream meminfo("/proc/meminfo");
  for (std::string line; std::getline(meminfo, line);) {
    if (!line.starts_with("MemAvailable:")) continue;
    const double free = std::strtod(line.c_str() + line.find(':') + 1, nullptr) * 1024;
    Finding finding{"free memory", human_bytes(free)};
    if (free < 4e9) finding.advice = "little: train with --batch-size 16 or a smaller --size.";
    return finding;
  }
  return {"free memory", "unknown"};
}

Finding network() {
  std::string text;
  for (const char* name : {"LINNET_MIRROR", "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy",
                           "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string shown = shown_text(value);
    const size_t at = shown.rfind('@');  // a password may stand before it
    if (at != std::string::npos) shown = "***" + shown.substr(at);
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, shown);
  }
  return {"network", text.empty() ? "direct: no proxy or mirror is set" : text};
}

std::vector<Finding> examine() {
  const auto libraries = loaded_libraries();
  const auto opencv = find_library(libraries, "libopencv_core");
  std::vector<Finding> findings = {{"linnet", kVersion},
                                   libtorch(),
                                   {"OpenCV", opencv ? version_in_name(*opencv) : "linked in"}};
  for (auto look : {compiler, processor, threads}) findings.push_back(look());
  findings.push_back(blas(libraries));
  for (auto look : {device, bfloat16, memory, cache_folder, free_disk, network})
    findings.push_back(look());
  return findings;
}

Json run_doctor(const Request&, Reporter& reporter) {
  int64_t warnings = 0;
  for (const Finding& finding : examine()) {
    reporter.note(fmt::format("{:<12} {}", finding.name, finding.value));
    reporter.event("finding", Json{{"name", finding.name},
                                   {"value", finding.value},
                                   {"ok", finding.advice.empty()},
                                   {"advice", finding.advice}});
    if (finding.advice.empty()) continue;
    ++warnings;
    reporter.note(fmt::format("{:<12} ^ {}", "", finding.advice));
  }
  reporter.note(warnings == 0 ? "\nAll is well."
                              : fmt::format("\n{} thing(s) to look at, marked with ^.", warnings));
  return Json{{"warnings", warnings}};
}

}  // namespace

const Registered<Job> doctor_job{
    {.name = "doctor",
     .summary = "looks at this machine: versions, threads, BLAS, device, cache, disk; what to do",
     .help = "Run it first when linnet is slow or fails, and put its output into a report of a "
             "fault.\n\n"
             "Examples\n"
             "  linnet doctor\n"
             "  linnet doctor --json",
     .fields = [] { return std::vector<Field>{}; },
     .run = run_doctor}};

}  // namespace linnet
