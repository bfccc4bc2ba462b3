#include "linnet/train/precision.h"

#include <fstream>
#include <string>

#include "linnet/core/device.h"
#include "linnet/core/enum_names.h"

namespace linnet {

namespace {

constexpr EnumNames<Precision, 3> kPrecisions{"precision", {"float32", "bfloat16", "float16"}};

}  // namespace

std::string_view to_string(Precision precision) { return kPrecisions.name(precision); }

Precision precision_named(std::string_view name) {
  return name == "auto" ? best_precision() : kPrecisions.value(name);
}

Precision best_precision() {
  if (default_device().is_cuda()) return Precision::bfloat16;  // every GPU since 2020
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("flags")) {
      const bool native = line.find(" avx512_bf16") != std::string::npos ||
                          line.find(" amx_bf16") != std::string::npos;
      return native ? Precision::bfloat16 : Precision::float32;
    }
  }
  return Precision::float32;
}

}  // namespace linnet
