#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace linnet {

/** Of a whole file, 64 lower-case hexadecimal digits. IoError when it cannot be read. */
std::string sha256_of_file(const std::filesystem::path& path);

/** Of the first MiB of a file (all of it when shorter), 32 lower-case hexadecimal digits: what
 * fast.ai publishes of its data sets. Finds a wrong file, not a malicious one. IoError when it
 * cannot be read.
 */
std::string md5_of_first_mib(const std::filesystem::path& path);

/** Of bytes in memory, 64 lower-case hexadecimal digits. */
std::string sha256_of(std::string_view bytes);

}  // namespace linnet
