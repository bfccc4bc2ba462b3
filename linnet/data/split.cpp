#include "linnet/data/split.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <set>

#include "linnet/core/error.h"

namespace linnet {

namespace {

std::string grandparent(const std::filesystem::path& path) {
  return path.parent_path().parent_path().filename().string();
}

}  // namespace

Splitter random_splitter(double valid_pct, std::optional<uint64_t> seed) {
  if (!(valid_pct >= 0 && valid_pct <= 1)) {
    throw UsageError("random_splitter",
                     fmt::format("valid_pct: got {}, expected a fraction from 0 to 1", valid_pct));
  }
  return [valid_pct, seed](const std::vector<std::filesystem::path>& items) {
    if (seed) torch::manual_seed(*seed);
    const auto n = static_cast<int64_t>(items.size());
    const auto permuted = torch::randperm(n, torch::kLong);
    const auto* order = permuted.data_ptr<int64_t>();
    const auto cut = static_cast<int64_t>(valid_pct * static_cast<double>(n));
    return SplitIndices{.train = {order + cut, order + n}, .valid = {order, order + cut}};
  };
}

Splitter grandparent_splitter(std::string train_name, std::string valid_name) {
  return [train_name, valid_name](const std::vector<std::filesystem::path>& items) {
    SplitIndices split;
    for (size_t i = 0; i < items.size(); ++i) {
      const auto name = grandparent(items[i]);
      if (name == train_name) split.train.push_back(static_cast<int64_t>(i));
      if (name == valid_name) split.valid.push_back(static_cast<int64_t>(i));
    }
    return split;
  };
}

Splitter folder_splitter(std::filesystem::path root, std::string train_name,
                         std::string valid_name) {
  return [root = std::move(root), train_name,
          valid_name](const std::vector<std::filesystem::path>& items) {
    SplitIndices split;
    for (size_t i = 0; i < items.size(); ++i) {
      const auto relative = items[i].lexically_relative(root);
      const auto first = relative.empty() ? std::string() : relative.begin()->string();
      if (first == train_name) split.train.push_back(static_cast<int64_t>(i));
      if (first == valid_name) split.valid.push_back(static_cast<int64_t>(i));
    }
    return split;
  };
}

Splitter index_splitter(std::vector<int64_t> valid) {
  return [valid = std::move(valid)](const std::vector<std::filesystem::path>& items) {
    const auto n = static_cast<int64_t>(items.size());
    const std::set<int64_t> held_out(valid.begin(), valid.end());
    if (!held_out.empty() && (*held_out.begin() < 0 || *held_out.rbegin() >= n)) {
      throw DataError(
          "index_splitter",
          fmt::format("got position {}, expected 0 to {}",
                      *held_out.begin() < 0 ? *held_out.begin() : *held_out.rbegin(), n - 1));
    }
    SplitIndices split{.train = {}, .valid = valid};
    for (int64_t i = 0; i < n; ++i) {
      if (!held_out.contains(i)) split.train.push_back(i);
    }
    return split;
  };
}

std::string split_hash(const SplitIndices& split, const std::vector<std::filesystem::path>& items,
                       const std::filesystem::path& root) {
  std::vector<std::string> names;
  for (const int64_t i : split.valid) {
    names.push_back(items[static_cast<size_t>(i)].lexically_relative(root).generic_string());
  }
  std::sort(names.begin(), names.end());
  uint64_t hash = 14695981039346656037ULL;  // FNV-1a, enough to tell two splits apart
  for (const std::string& name : names) {
    for (const char c : name + '\n') {
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
  }
  return fmt::format("{:08x}", static_cast<uint32_t>(hash ^ (hash >> 32)));
}

}  // namespace linnet
