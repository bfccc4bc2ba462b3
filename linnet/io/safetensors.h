#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "linnet/io/state_dict.h"

namespace linnet {

/** The text that a safetensors file may carry beside its tensors (`__metadata__`), in order. */
using SafetensorsMetadata = std::vector<std::pair<std::string, std::string>>;

struct SafetensorsFile {
  StateDict tensors;
  SafetensorsMetadata metadata;
};

/** Writes tensors of any device, dtype of torch 1.13 and layout of strides, atomically. Shared
 * storages are written once a tensor. errors  UsageError for a quantized, sparse or undefined
 * tensor; IoError when the disk does not take it source  the format as described at
 * github.com/huggingface/safetensors; readable by its Python package
 */
void write_safetensors(const std::filesystem::path& path, const StateDict& tensors,
                       const SafetensorsMetadata& metadata = {});

/** Reads a whole safetensors file to the CPU. The order of the tensors is that of the header.
 *  errors  IoError when it cannot be read; DataError when the header or a size in it cannot be, or
 * the file is cut short
 */
SafetensorsFile read_safetensors(const std::filesystem::path& path);

/** Only the metadata, without reading the tensors. */
SafetensorsMetadata read_safetensors_metadata(const std::filesystem::path& path);

}  // namespace linnet
