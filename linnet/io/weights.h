#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/io/state_dict.h"

namespace linnet {

/** The tensors of a weights file, by what the file is: one of torch.save (see `read_pth`) or
 * safetensors. The name's ending does not matter. Nothing in the file is run. errors  IoError when
 * it cannot be read; DataError when it is missing, empty, damaged, holds code or is something else
 */
StateDict load_weights(const std::filesystem::path& path);

struct ApplyOptions {
  /** Every tensor of the module must be given and every one given must be used. Otherwise only
   * shapes must agree. */
  bool strict = true;
  /** The module's name for a name of the file ("layer1.0.conv1.weight" -> "0.4.0.conv1.weight");
   * nothing: leave it out. */
  std::function<std::optional<std::string>(std::string_view)> key_map = {};
  /** Begins the text of errors. */
  std::string where = "apply_state_dict";
};

/** What `apply_state_dict` did; the names are the module's. */
struct AppliedWeights {
  int64_t copied = 0;
  std::vector<std::string> missing;     // in the module, not given
  std::vector<std::string> unexpected;  // given, not in the module
};

/** Copies tensors into the parameters and buffers of that name, keeping their dtype and device. All
 * is checked first: when anything does not fit, the module stays as it was. BatchNorm's
 * num_batches_tracked may be absent. errors  DataError that names the file and how many are
 * missing, unexpected or of another shape, with the first few
 */
AppliedWeights apply_state_dict(torch::nn::Module& module, const StateDict& weights,
                                const ApplyOptions& options = {});

/** Every parameter and buffer of `module`, by name: what `apply_state_dict` fills. The tensors are
 * the module's own. */
StateDict state_dict_of(const torch::nn::Module& module);

}  // namespace linnet
