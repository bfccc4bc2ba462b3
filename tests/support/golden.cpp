#include "support/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "linnet/core/error.h"

namespace linnet::test {

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw IoError("Golden", path,
                  "cannot be read. Run the test in the project's root, or set LINNET_GOLDEN to a "
                  "folder made by tools/golden/make.sh");
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

torch::ScalarType dtype_of(const std::string& name) {
  if (name == "float32") return torch::kFloat;
  if (name == "float64") return torch::kDouble;
  if (name == "int64") return torch::kLong;
  if (name == "int32") return torch::kInt;
  if (name == "int8") return torch::kChar;
  if (name == "uint8") return torch::kByte;
  if (name == "bool") return torch::kBool;
  throw DataError("golden_tensor", "unknown dtype " + name);
}

// NumPy format 1: magic, version, little-endian header length, header text, then C-order data.
torch::Tensor read_npy(const std::filesystem::path& path, std::vector<int64_t> shape,
                       torch::ScalarType dtype) {
  const std::string bytes = read_file(path);
  const auto byte = [&bytes](size_t i) {
    return static_cast<size_t>(static_cast<unsigned char>(bytes.at(i)));
  };
  const size_t begin = 10 + byte(8) + 256 * byte(9);
  auto tensor = torch::empty(shape, dtype == torch::kBool ? torch::kByte : dtype);
  if (bytes.size() - begin != tensor.nbytes()) throw DataError("read_npy", path, "wrong size");
  std::memcpy(tensor.data_ptr(), bytes.data() + begin, tensor.nbytes());
  return tensor.to(dtype);
}

}  // namespace

std::filesystem::path golden_dir() {
  if (const char* from_env = std::getenv("LINNET_GOLDEN")) return from_env;
  return std::filesystem::absolute("tests/golden");
}

Golden::Golden(std::string_view topic)
    : file_(Json::parse(read_file(golden_dir() / (std::string(topic) + ".json")))) {}

std::vector<const Json*> Golden::cases(std::string_view prefix) const {
  std::vector<const Json*> found;
  for (const Json& entry : file_.at("cases").as_array()) {
    if (entry.at("name").as_string().starts_with(prefix)) found.push_back(&entry);
  }
  EXPECT_FALSE(found.empty()) << "no golden case begins with " << prefix;
  return found;
}

const Json& Golden::named(std::string_view name) const {
  for (const Json& entry : file_.at("cases").as_array()) {
    if (entry.at("name").as_string() == name) return entry;
  }
  throw DataError("Golden", "no case named " + std::string(name));
}

double Golden::abs(std::string_view key) const {
  const Json* bound = file_.at("tolerance").at(key).find("abs");
  return bound != nullptr ? bound->as_double() : 0;
}

double Golden::rel(std::string_view key) const {
  const Json* bound = file_.at("tolerance").at(key).find("rel");
  return bound != nullptr ? bound->as_double() : 0;
}

torch::Tensor golden_tensor(const Json& entry) {
  const auto shape = entry.at("shape").as_ints();
  const auto dtype = dtype_of(entry.at("dtype").as_string());
  if (const Json* file = entry.find("npy"))
    return read_npy(golden_dir() / file->as_string(), shape, dtype);
  std::vector<double> data;
  for (const Json& value : entry.at("data").as_array()) {
    data.push_back(value.is_bool() ? static_cast<double>(value.as_bool()) : value.as_double());
  }
  return torch::tensor(data, torch::kDouble).to(dtype).reshape(shape);
}

void expect_close(const torch::Tensor& actual, const torch::Tensor& expected, double abs,
                  double rel, const std::string& what) {
  ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
  if (expected.numel() == 0) return;
  const auto a = actual.detach().to(torch::kCPU, torch::kDouble);
  const auto b = expected.to(torch::kDouble);
  const auto excess = (a - b).abs() - (abs + rel * b.abs());
  const auto worst = excess.argmax().item<int64_t>();
  EXPECT_LE(excess.max().item<double>(), 0)
      << what << ": worst at flat index " << worst << ": got " << a.flatten()[worst].item<double>()
      << ", expected " << b.flatten()[worst].item<double>();
}

void expect_close(double actual, double expected, double abs, double rel, const std::string& what) {
  EXPECT_LE(std::abs(actual - expected), abs + rel * std::abs(expected))
      << what << ": got " << actual << ", expected " << expected;
}

}  // namespace linnet::test
