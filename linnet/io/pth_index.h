#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "linnet/io/pickle.h"

namespace linnet::detail {

/** A stretch of numbers in a .pth file; tensors are views into it. */
struct PthStorage {
  std::string key;  // its name in the file
  torch::ScalarType dtype = torch::kFloat;
  int64_t elements = 0;

  int64_t bytes() const { return elements * static_cast<int64_t>(c10::elementSize(dtype)); }
};

/** Where a tensor of a .pth file lies; every index of it is inside the storage. Offset and strides
 * count elements. */
struct PthTensor {
  std::string name;
  PthStorage storage;
  int64_t offset = 0;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
};

/** A storage from the persistent id torch.save gives it: ('storage', type, key, location, elements,
 * ...). */
PthStorage pth_storage(const PickleValue& persistent, const std::filesystem::path& path);

/** The state dict in what torch.save pickled, by the rules of `read_pth`. DataError, naming `path`,
 * when there is none. */
std::vector<PthTensor> pth_tensors(const PickleValue& root, const std::filesystem::path& path);

}  // namespace linnet::detail
