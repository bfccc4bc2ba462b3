#include <torch/utils.h>

#include "support/golden_fill.h"

#include <gtest/gtest.h>

#include <cmath>

#include "linnet/io/weights.h"

namespace linnet::test {

namespace {

double hash(uint32_t i, uint32_t t, uint32_t salt) {
  uint32_t x = i * 2654435761U + t * 2246822519U + salt * 3266489917U;
  x ^= x >> 15;
  x *= 2246822519U;
  x ^= x >> 13;
  x *= 3266489917U;
  x ^= x >> 16;
  return x / 4294967296.0 * 2 - 1;
}

int64_t numel_of(const std::vector<int64_t>& shape) {
  int64_t numel = 1;
  for (const int64_t size : shape) numel *= size;
  return numel;
}

/** The scale and offset of an entry, by its kind; the kind by its name and number of axes. */
HashFill fill_for(const GoldenEntry& entry, double gain) {
  const std::string last = entry.name.substr(entry.name.rfind('.') + 1);
  if (last == "running_mean") return {.scale = 0.05};
  if (last == "running_var") return {.scale = 0.2, .offset = 1};
  if (entry.shape.size() >= 2) {
    const auto fan_in = static_cast<double>(numel_of(entry.shape)) /
                        static_cast<double>(std::max<int64_t>(entry.shape[0], 1));
    return {.scale = std::sqrt(3 * gain / fan_in)};
  }
  if (last == "weight") return {.scale = 0.1, .offset = 1};
  return {.scale = 0.05};
}

}  // namespace

torch::Tensor hash_tensor(const std::vector<int64_t>& shape, const HashFill& fill) {
  auto values = torch::empty(shape, torch::kFloat);
  float* out = values.data_ptr<float>();
  for (int64_t i = 0; i < values.numel(); ++i) {
    const double v = hash(static_cast<uint32_t>(i), static_cast<uint32_t>(fill.t),
                          static_cast<uint32_t>(fill.salt));
    out[i] = static_cast<float>(fill.offset + fill.scale * v);
  }
  return values;
}

torch::Tensor hash_ints(const std::vector<int64_t>& shape, int64_t t, int64_t salt, int64_t k) {
  auto values = torch::empty(shape, torch::kLong);
  int64_t* out = values.data_ptr<int64_t>();
  for (int64_t i = 0; i < values.numel(); ++i) {
    const double v =
        hash(static_cast<uint32_t>(i), static_cast<uint32_t>(t), static_cast<uint32_t>(salt));
    out[i] = static_cast<int64_t>(std::floor((v + 1) / 2 * static_cast<double>(k)));
  }
  return values;
}

torch::Tensor golden_input(const Json& input, int64_t salt) {
  const Json* offset = input.find("offset");
  const auto shape = input.at("shape").as_ints();
  const int64_t t = input.at("t").as_int();
  if (input.at("rule").as_string() == "hash_ints") {
    return hash_ints(shape, t, salt, input.at("k").as_int());
  }
  return hash_tensor(shape, {.t = t,
                             .salt = salt,
                             .scale = input.at("scale").as_double(),
                             .offset = offset != nullptr ? offset->as_double() : 0});
}

std::vector<GoldenEntry> golden_entries(const Json& entries) {
  std::vector<GoldenEntry> list;
  for (const Json& entry : entries.as_array()) {
    if (entry.is_array()) {
      list.push_back({entry.as_array()[0].as_string(), entry.as_array()[1].as_ints()});
    } else {
      list.push_back(
          {entry.at("name").as_string(), entry.at("shape").as_ints(), entry.contains("alias_of")});
    }
  }
  return list;
}

void golden_fill(torch::nn::Module& module, const Json& entries, int64_t salt, double gain) {
  const torch::NoGradGuard no_grad;
  const StateDict tensors = state_dict_of(module);
  int64_t t = -1;
  for (const GoldenEntry& entry : golden_entries(entries)) {
    ++t;
    if (entry.alias) continue;
    const torch::Tensor* tensor = tensors.find(entry.name);
    ASSERT_NE(tensor, nullptr) << "the module has no " << entry.name;
    ASSERT_EQ(tensor->sizes(), entry.shape) << entry.name;
    torch::Tensor target = *tensor;
    if (entry.name.ends_with("num_batches_tracked")) {
      target.zero_();
      continue;
    }
    HashFill fill = fill_for(entry, gain);
    fill.t = t;
    fill.salt = salt;
    target.copy_(hash_tensor(entry.shape, fill));
  }
}

}  // namespace linnet::test
