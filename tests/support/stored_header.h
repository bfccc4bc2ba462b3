#pragma once

#include <filesystem>
#include <string>

#include "linnet/core/json.h"

namespace linnet::test {

/** The header of a safetensors file, as its bytes stand there. */
std::string safetensors_header(const std::filesystem::path& file);

/** Writes a safetensors file of which only the header is stored (its bytes as linnet wrote them,
 * and a line feed): `header` and numbers of a fixed rule, by each tensor's name, shape and place,
 * that make the network neither blow up nor fade. The generator's state is that of seed 1. Weights
 * of megabytes so need no place in the repository. */
void write_by_header(const std::filesystem::path& header, const std::filesystem::path& file);

/** The model file tests/nets/models/NAME as `file`: a copy, or by its header. */
void write_stored_model(const std::string& name, const std::filesystem::path& file);

}  // namespace linnet::test
