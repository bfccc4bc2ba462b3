#include <torch/utils.h>

#include "support/stored_header.h"

#include <ATen/Context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

#include "linnet/io/file_text.h"
#include "support/golden_fill.h"
#include "support/net.h"
#include "support/temp_dir.h"

namespace linnet::test {

namespace fs = std::filesystem;

namespace {

bool ends(const std::string& name, std::string_view with) { return name.ends_with(with); }

HashFill fill_of(const std::string& name, const std::vector<int64_t>& shape) {
  if (name.starts_with("grad.") || ends(name, ".grad_avg")) return {.scale = 1e-3};
  if (ends(name, ".sqr_avg")) return {.scale = 5e-5, .offset = 1e-4};
  if (ends(name, ".running_mean")) return {.scale = 0.05};
  if (ends(name, ".running_var")) return {.scale = 0.2, .offset = 1};
  if (shape.size() >= 2 && name.find("recorder") == std::string::npos) {
    int64_t fan_in = 1;
    for (size_t i = 1; i < shape.size(); ++i) fan_in *= shape[i];
    return {.scale = std::sqrt(3.0 / static_cast<double>(std::max<int64_t>(fan_in, 1)))};
  }
  if (name.starts_with("model.") && !ends(name, ".weight")) return {.scale = 0.05};
  return {.scale = 0.1, .offset = 1};
}

torch::Tensor random_state_of_seed_1() {
  torch::manual_seed(1);
  return at::globalContext().defaultGenerator(torch::kCPU).get_state();
}

torch::Tensor filled(const std::string& name, const Json& entry, int64_t place) {
  const auto shape = entry.at("shape").as_ints();
  const std::string& dtype = entry.at("dtype").as_string();
  if (dtype == "U8") return random_state_of_seed_1();
  if (dtype == "I64") return torch::zeros(shape, torch::kLong);  // num_batches_tracked
  HashFill fill = fill_of(name, shape);
  fill.t = place;
  return hash_tensor(shape, fill).to(dtype == "F64" ? torch::kDouble : torch::kFloat);
}

}  // namespace

std::string safetensors_header(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  uint64_t bytes = 0;
  in.read(reinterpret_cast<char*>(&bytes), sizeof bytes);
  EXPECT_TRUE(in && bytes < (1U << 20)) << file;
  std::string header(bytes, ' ');
  in.read(header.data(), static_cast<std::streamsize>(bytes));
  EXPECT_TRUE(in) << file;
  return header;
}

void write_by_header(const fs::path& header, const fs::path& file) {
  std::string text = file_text(header, "write_by_header");
  while (ends(text, "\n")) text.pop_back();
  text.append((8 - text.size() % 8) % 8, ' ');
  const Json entries = Json::parse(text);
  uint64_t data_bytes = 0;
  for (const auto& [name, entry] : entries.as_object()) {
    if (name == "__metadata__") continue;
    const auto end = static_cast<uint64_t>(entry.at("data_offsets").as_ints().at(1));
    data_bytes = std::max(data_bytes, end);
  }
  const uint64_t size = text.size();
  std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += text;
  const size_t begin = bytes.size();
  bytes.resize(begin + data_bytes);
  int64_t place = 0;
  for (const auto& [name, entry] : entries.as_object()) {
    if (name == "__metadata__") continue;
    const auto offsets = entry.at("data_offsets").as_ints();
    const torch::Tensor tensor = filled(name, entry, place++);
    ASSERT_EQ(static_cast<int64_t>(tensor.nbytes()), offsets.at(1) - offsets.at(0)) << name;
    std::memcpy(bytes.data() + begin + offsets.at(0), tensor.data_ptr(), tensor.nbytes());
  }
  write_file(file, bytes);
}

void write_stored_model(const std::string& name, const fs::path& file) {
  const fs::path stored = nets_dir() / "models" / name;
  if (fs::exists(stored.string() + ".header.json")) {
    write_by_header(stored.string() + ".header.json", file);
  } else {
    fs::create_directories(file.parent_path());
    fs::copy_file(stored.string() + ".safetensors", file, fs::copy_options::overwrite_existing);
  }
}

}  // namespace linnet::test
