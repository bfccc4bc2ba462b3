#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/** The shared libraries that this process has loaded, links resolved, as the system tells. */
std::vector<std::filesystem::path> loaded_libraries();

/** The first of `libraries` whose file name begins so: "libblas". */
std::optional<std::filesystem::path> find_library(
    const std::vector<std::filesystem::path>& libraries, std::string_view beginning);

/** "4.6.0" of "libopencv_core.so.4.6.0"; empty when the name carries no version. */
std::string version_in_name(const std::filesystem::path& library);

/** How fast two float32 matrices of `n` rows and columns are multiplied: billions of operations a
 * second, the best of three. */
double matrix_gflops(int64_t n);

}  // namespace linnet
