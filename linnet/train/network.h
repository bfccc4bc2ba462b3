#pragma once

#include <torch/nn/modules/container/sequential.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

/** "[64, 3, 224, 224], [64, 2]", for messages. */
std::string shapes_of(const std::vector<torch::Tensor>& tensors);

/** UsageError: the model does not take such inputs. */
[[noreturn]] void refuse_inputs(const std::vector<torch::Tensor>& inputs, std::string_view why);

/** Any module that takes tensors and gives one: a model of linnet's, or the user's own
 * `torch::nn::Module`. Shares the module it holds. `forward` may be called from several threads
 * while the module is in eval mode.
 */
class Network {
 public:
  template <class ModuleType>
  Network(torch::nn::ModuleHolder<ModuleType> module)  // NOLINT(google-explicit-constructor)
      : Network(module.ptr()) {}
  template <class ModuleType>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires std::derived_from<ModuleType, torch::nn::Module> Network(
      std::shared_ptr<ModuleType> module)
      : module_(module), forward_(make_forward(std::move(module))) {}

  /** As many inputs as the module's forward takes, 1 to 3; else UsageError, as for shapes and
   * dtypes that it does not take. */
  torch::Tensor forward(const std::vector<torch::Tensor>& inputs) const;
  torch::nn::Module& module() const { return *module_; }

 private:
  using Forward = std::function<torch::Tensor(const std::vector<torch::Tensor>&)>;

  template <class ModuleType>
  static Forward make_forward(std::shared_ptr<ModuleType> module) {
    return [module](const std::vector<torch::Tensor>& in) -> torch::Tensor {
      if constexpr (requires { module->forward(in[0]); }) {
        if (in.size() == 1) return module->forward(in[0]);
      }
      if constexpr (!std::derived_from<ModuleType, torch::nn::SequentialImpl>) {
        if constexpr (requires { module->forward(in[0], in[1]); }) {
          if (in.size() == 2) return module->forward(in[0], in[1]);
        }
        if constexpr (requires { module->forward(in[0], in[1], in[2]); }) {
          if (in.size() == 3) return module->forward(in[0], in[1], in[2]);
        }
      }
      throw UsageError("Network::forward", "the model's forward does not take " +
                                               std::to_string(in.size()) + " inputs");
    };
  }

  std::shared_ptr<torch::nn::Module> module_;
  Forward forward_;
};

}  // namespace linnet
