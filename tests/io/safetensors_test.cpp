#include "linnet/io/safetensors.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/pth_writer.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::bytes_of;
using test::expect_error;
using test::TempDir;
using test::write_file;

/** A file of that header and data, as the format's description says: header length, header, data.
 */
std::string file_of(std::string_view header, std::string_view data) {
  return bytes_of(torch::tensor(static_cast<int64_t>(header.size()))) + std::string(header) +
         std::string(data);
}

class Safetensors : public ::testing::Test {
 protected:
  SafetensorsFile read(std::string_view bytes) {
    write_file(path_, bytes);
    return read_safetensors(path_);
  }
  TempDir dir_;
  const std::filesystem::path path_ = dir_ / "model.safetensors";
};

TEST_F(Safetensors, GiveBackWhatWasWritten) {
  StateDict tensors;
  for (const auto dtype :
       {torch::kBool, torch::kByte, torch::kChar, torch::kShort, torch::kInt, torch::kLong,
        torch::kHalf, torch::kBFloat16, torch::kFloat, torch::kDouble, torch::kComplexFloat}) {
    tensors.add(c10::toString(dtype), torch::arange(15).reshape({3, 5}).to(dtype));
  }
  tensors.add("transposed", torch::rand({3, 4}).t());
  tensors.add("needs gradient", torch::rand(2).requires_grad_());
  tensors.add("scalar", torch::tensor(1.5));
  tensors.add("empty", torch::empty({2, 0}));
  const SafetensorsMetadata metadata{{"task", "vision"}, {"config", R"({"a": "é\n"})"}};
  write_safetensors(path_, tensors, metadata);
  const SafetensorsFile file = read_safetensors(path_);
  EXPECT_EQ(file.metadata, metadata);
  EXPECT_EQ(read_safetensors_metadata(path_), metadata);
  EXPECT_EQ(file.tensors.source(), path_);
  ASSERT_EQ(file.tensors.size(), tensors.size());
  auto expected = tensors.begin();
  for (const auto& [name, tensor] : file.tensors) {
    EXPECT_EQ(name, expected->name);
    EXPECT_EQ(tensor.scalar_type(), expected->tensor.scalar_type()) << name;
    EXPECT_TRUE(torch::equal(tensor, expected->tensor)) << name;
    ++expected;
  }
}

TEST_F(Safetensors, AreWrittenAsTheFormatSays) {
  StateDict tensors;
  tensors.add("flag", torch::ones(1, torch::kBool));
  tensors.add("w", torch::tensor({1.0F, 2.0F}));
  write_safetensors(path_, tensors, {{"k", "v"}});
  const std::string header =
      R"({"__metadata__":{"k":"v"},"flag":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  EXPECT_EQ(test::read_file(path_), file_of(padded, bytes_of(torch::tensor({1.0F, 2.0F})) + '\1'));
}

TEST_F(Safetensors, OfAnotherWriterAreRead) {
  const auto file = read(file_of(
      R"({"b":{"data_offsets":[4,8],"dtype":"I32","shape":[1,1]},"a":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}   )",
      bytes_of(torch::tensor({5, 6}, torch::kInt))));
  EXPECT_EQ(file.tensors.at("a").item<int>(), 5);
  EXPECT_EQ(file.tensors.at("b").sizes(), (std::vector<int64_t>{1, 1}));
  EXPECT_EQ(file.tensors.begin()->name, "b");
  EXPECT_TRUE(read(file_of("{}", "")).tensors.empty());
}

TEST_F(Safetensors, WithOffsetsThatCannotBeAreRefused) {
  const auto one = [](std::string_view dtype, std::string_view shape, std::string_view offsets) {
    return "{\"w\":{\"dtype\":\"" + std::string(dtype) + "\",\"shape\":" + std::string(shape) +
           ",\"data_offsets\":" + std::string(offsets) + "}}";
  };
  const std::string eight(8, '\0');
  for (const std::string& header :
       {one("F32", "[2]", "[0,4]"), one("F32", "[2]", "[4,0]"), one("F32", "[2]", "[-8,0]"),
        one("F32", "[-2]", "[0,8]"), one("F32", "[4611686018427387904,4]", "[0,0]"),
        one("F32", "[2]", "[0,8,9]"), one("F32", "[9223372036854775807]", "[0,8]")}) {
    expect_error<DataError>([&] { read(file_of(header, eight)); },
                            {"model.safetensors", "tensor 'w'", "damaged"});
  }
  expect_error<DataError>([&] { read(file_of(one("F32", "[1]", "[4,8]"), eight)); },
                          {"belong to none"});
  expect_error<DataError>([&] { read(file_of(one("F32", "[1]", "[0,4]"), eight)); },
                          {"4 bytes behind its last tensor"});
  expect_error<DataError>([&] { read(file_of(one("F8_E4M3", "[8]", "[0,8]"), eight)); },
                          {"dtype F8_E4M3, which linnet does not read"});
  expect_error<DataError>(
      [&] {
        read(file_of(
            R"({"a":{"dtype":"U8","shape":[6],"data_offsets":[0,6]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
            eight));
      },
      {"'b' overlap"});
  expect_error<DataError>(
      [&] {
        read(file_of(
            R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})",
            eight));
      },
      {"'a' stands twice"});
}

TEST_F(Safetensors, WithHostileHeadersAreRefused) {
  expect_error<DataError>([&] { read(""); }, {"cut short: got 0 bytes"});
  expect_error<DataError>([&] { read("1234567"); }, {"cut short"});
  expect_error<DataError>([&] { read(bytes_of(torch::tensor(int64_t{-1})) + "{}"); },
                          {"its header would be 18446744073709551615 bytes long"});
  expect_error<DataError>([&] { read(bytes_of(torch::tensor(int64_t{50})) + "{}"); },
                          {"cut short inside its header"});
  expect_error<DataError>([&] { read(file_of("[1]", "")); }, {"does not begin with '{'"});
  expect_error<DataError>([&] { read(file_of("{\"w\":3}", "")); }, {"its header cannot be used"});
  expect_error<DataError>([&] { read(file_of("{\"w\":", "")); }, {"its header cannot be used"});
  expect_error<DataError>([&] { read(file_of(R"({"__metadata__":{"a":1}})", "")); },
                          {"its header cannot be used"});
  expect_error<DataError>([&] { read(file_of("{\"w\":" + std::string(1'000'000, '['), "")); },
                          {"nested more than"});
}

TEST_F(Safetensors, CutShortAreRefused) {
  StateDict tensors;
  tensors.add("w", torch::rand({3, 4}));
  write_safetensors(path_, tensors);
  const std::string whole = test::read_file(path_);
  for (size_t size = 0; size < whole.size(); ++size) {
    expect_error<DataError>([&] { read(std::string_view(whole).substr(0, size)); },
                            {"model.safetensors"});
  }
  expect_error<DataError>([&] { read(std::string_view(whole).substr(0, whole.size() - 1)); },
                          {"cut short: got 47 bytes of tensors, expected 48"});
  expect_error<IoError>([&] { read_safetensors(dir_ / "absent"); }, {"absent", "No such file"});
  expect_error<DataError>([&] { read_safetensors(dir_.path()); }, {"is a folder"});
}

TEST_F(Safetensors, OfWhatIsNoDenseTensorAreNotWritten) {
  StateDict undefined;
  undefined.add("w", torch::Tensor());
  expect_error<UsageError>([&] { write_safetensors(path_, undefined); }, {"'w'", "undefined"});
  StateDict sparse;
  sparse.add("s", torch::eye(3).to_sparse());
  expect_error<UsageError>([&] { write_safetensors(path_, sparse); }, {"'s'", "dense"});
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace linnet
