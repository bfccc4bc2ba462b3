#include "linnet/io/weights.h"

#include <torch/utils.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <unordered_set>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/pth.h"
#include "linnet/io/safetensors.h"

namespace linnet {

namespace {

/** "3 are missing (a, b, ...)"; nothing for no names. */
void describe(std::vector<std::string>& problems, const std::vector<std::string>& names,
              std::string_view what) {
  if (names.empty()) return;
  constexpr size_t kShown = 3;
  const std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size())));
  problems.push_back(fmt::format("{} {} ({}{})", names.size(), what, join(first, ", "),
                                 names.size() > kShown ? ", ..." : ""));
}

struct Plan {
  std::vector<std::pair<torch::Tensor, torch::Tensor>> copies;  // to, from
  std::vector<std::string> misshaped;
  AppliedWeights applied;
};

Plan plan_copies(const StateDict& targets, const StateDict& weights, const ApplyOptions& options) {
  Plan plan;
  std::unordered_set<std::string> given;
  for (const StateDict::Entry& entry : weights) {
    const auto name =
        options.key_map ? options.key_map(entry.name) : std::optional<std::string>(entry.name);
    if (!name) continue;
    if (!given.insert(*name).second)
      throw UsageError(options.where, fmt::format("the key map gives the name '{}' twice", *name));
    const torch::Tensor* target = targets.find(*name);
    if (target == nullptr) {
      plan.applied.unexpected.push_back(*name);
    } else if (target->sizes() != entry.tensor.sizes()) {
      plan.misshaped.push_back(fmt::format("{}: got [{}], expected [{}]", *name,
                                           fmt::join(entry.tensor.sizes(), ", "),
                                           fmt::join(target->sizes(), ", ")));
    } else {
      plan.copies.emplace_back(*target, entry.tensor);
    }
  }
  for (const StateDict::Entry& target : targets) {
    if (!given.contains(target.name) && !target.name.ends_with("num_batches_tracked"))
      plan.applied.missing.push_back(target.name);
  }
  plan.applied.copied = static_cast<int64_t>(plan.copies.size());
  return plan;
}

void check(const Plan& plan, const StateDict& targets, const StateDict& weights,
           const ApplyOptions& options) {
  std::vector<std::string> problems;
  if (options.strict) {
    describe(problems, plan.applied.missing, "missing");
    describe(problems, plan.applied.unexpected, "unexpected");
  }
  describe(problems, plan.misshaped, "of another shape");
  if (plan.applied.copied == 0 && plan.misshaped.empty() && !weights.empty())
    problems.emplace_back("not one name is the model's");
  if (problems.empty()) return;
  // Where most names do not meet, the whole file is another model's; else a part of it, mostly the
  // head.
  const std::string_view hint =
      2 * plan.applied.copied < targets.size()
          ? "These look like weights of another architecture: choose the one they were saved from"
          : "The model differs in part from the one these were saved from, often in its number of "
            "classes";
  const std::string what = fmt::format("the weights do not fit the model's {} tensors: {}. {}",
                                       targets.size(), join(problems, "; "), hint);
  if (weights.source().empty()) throw DataError(options.where, what);
  throw DataError(options.where, weights.source(), what);
}

/** The first bytes of a file, up to 16. */
std::string front_of(const std::filesystem::path& path) {
  constexpr std::string_view kWeightsWhere = "load_weights";
  std::error_code failure;
  if (!std::filesystem::exists(path, failure))
    throw DataError(kWeightsWhere, path,
                    "there is no such file. Give the path of a .pth or .safetensors file");
  if (std::filesystem::is_directory(path, failure))
    throw DataError(kWeightsWhere, path, "is a folder, expected a weights file");
  std::ifstream in(path, std::ios::binary);
  std::array<char, 16> front{};
  if (!in || (!in.read(front.data(), front.size()) && in.bad()))
    throw IoError(kWeightsWhere, path, fmt::format("cannot be read: {}", std::strerror(errno)));
  return {front.data(), static_cast<size_t>(in.gcount())};
}

/** Whether a file begins as safetensors: eight bytes of a header's length, in which the last ones
 * are 0, and the header. The length's first bytes may be anything, those of a pickle or a zip too.
 */
bool is_safetensors(const std::string& front) {
  return front.size() > 8 && front[8] == '{' && front[5] == 0 && front[6] == 0 && front[7] == 0;
}

}  // namespace

StateDict load_weights(const std::filesystem::path& path) {
  const std::string front = front_of(path);
  if (front.empty()) throw DataError("load_weights", path, "is empty (0 bytes). Get it again");
  if (is_safetensors(front)) return read_safetensors(path).tensors;
  if (front.starts_with("PK") || front.starts_with('\x80')) return read_pth(path);
  if (front.size() > 8 && front[8] == '{') return read_safetensors(path).tensors;  // says more
  throw DataError(
      "load_weights", path,
      "is no weights file: got neither one that torch.save wrote (.pth) nor safetensors");
}

AppliedWeights apply_state_dict(torch::nn::Module& module, const StateDict& weights,
                                const ApplyOptions& options) {
  const StateDict targets = state_dict_of(module);
  Plan plan = plan_copies(targets, weights, options);
  check(plan, targets, weights, options);
  const torch::NoGradGuard no_grad;
  for (auto& [target, source] : plan.copies) target.copy_(source);
  return std::move(plan.applied);
}

StateDict state_dict_of(const torch::nn::Module& module) {
  StateDict tensors;
  for (const auto& item : module.named_parameters()) tensors.add(item.key(), item.value());
  for (const auto& item : module.named_buffers()) tensors.add(item.key(), item.value());
  return tensors;
}

}  // namespace linnet
