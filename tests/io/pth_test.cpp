#include "linnet/io/pth.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/pth_writer.h"
#include "support/shared.h"
#include "support/temp_dir.h"
#include "support/zip_writer.h"

namespace linnet {
namespace {

using test::bytes_of;
using test::expect_error;
using test::PickleWriter;
using test::pth_of;
using test::PthEntry;
using test::TempDir;
using test::write_file;

class ReadPth : public ::testing::Test {
 protected:
  std::filesystem::path file(std::string_view bytes, const std::string& name = "weights.pth") {
    write_file(dir_ / name, bytes);
    return dir_ / name;
  }
  std::filesystem::path file_of(const std::vector<PthEntry>& entries,
                                const std::vector<std::pair<std::string, std::string>>& storages) {
    PickleWriter writer;
    test::put_state_dict(writer, entries);
    return file(pth_of(writer.done(), storages));
  }
  TempDir dir_;
};

const std::string kSixFloats = bytes_of(torch::arange(6.0F));

TEST_F(ReadPth, ReadsEveryDtypeAndShapeInOrder) {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  for (const auto dtype : {torch::kFloat, torch::kDouble, torch::kHalf, torch::kBFloat16,
                           torch::kLong, torch::kInt, torch::kShort, torch::kChar, torch::kByte,
                           torch::kBool, torch::kComplexFloat, torch::kComplexDouble}) {
    tensors.emplace_back(c10::toString(dtype), torch::arange(6).reshape({2, 3}).to(dtype));
  }
  tensors.emplace_back("scalar", torch::tensor(2.5));
  tensors.emplace_back("empty", torch::empty({0, 3}));
  const auto path = file(pth_of(tensors));
  const StateDict read = read_pth(path);
  EXPECT_EQ(read.source(), path);
  ASSERT_EQ(read.size(), static_cast<int64_t>(tensors.size()));
  auto expected = tensors.begin();
  for (const auto& [name, tensor] : read) {
    EXPECT_EQ(name, expected->first);
    EXPECT_EQ(tensor.scalar_type(), expected->second.scalar_type()) << name;
    EXPECT_TRUE(torch::equal(tensor, expected->second)) << name;
    ++expected;
  }
}

TEST_F(ReadPth, ReadsViewsThatShareAStorage) {
  const auto dict = read_pth(file_of({{"whole", "FloatStorage", "0", 6, 0, {2, 3}, {3, 1}},
                                      {"transposed", "FloatStorage", "0", 6, 0, {3, 2}, {1, 3}},
                                      {"middle", "FloatStorage", "0", 6, 1, {2, 2}, {3, 1}},
                                      {"repeated", "FloatStorage", "0", 6, 2, {4, 2}, {0, 1}}},
                                     {{"0", kSixFloats}}));
  const auto whole = torch::arange(6.0F).reshape({2, 3});
  EXPECT_TRUE(torch::equal(dict.at("transposed"), whole.t()));
  EXPECT_TRUE(torch::equal(dict.at("middle"), whole.slice(1, 1)));
  EXPECT_TRUE(torch::equal(dict.at("repeated"), torch::tensor({2.0F, 3.0F}).expand({4, 2})));
  EXPECT_EQ(dict.at("whole").data_ptr(), dict.at("transposed").data_ptr());
}

TEST_F(ReadPth, FindsTheStateDictInside) {
  const std::vector<std::pair<std::string, torch::Tensor>> tensors{{"module.a", torch::ones(2)},
                                                                   {"module.b", torch::zeros(3)}};
  for (const std::string_view key : {"model", "state_dict", "model_state_dict", "ema"}) {
    const auto dict = read_pth(file(pth_of(tensors, key)));
    EXPECT_EQ(dict.size(), 2) << key;
    EXPECT_TRUE(dict.contains("a")) << key;  // without DataParallel's prefix
  }
}

TEST_F(ReadPth, KeepsAPrefixThatNotAllNamesHave) {
  const auto dict = read_pth(file(pth_of({{"module.a", torch::ones(2)}, {"b", torch::zeros(3)}})));
  EXPECT_TRUE(dict.contains("module.a"));
}

TEST_F(ReadPth, RefusesADictOfSeveralModels) {
  PickleWriter writer;
  writer.op('}').op('(');
  for (const std::string_view name : {"generator", "critic"}) {
    writer.text(name);
    test::put_state_dict(writer, {{"w", "FloatStorage", "0", 6, 0, {6}, {1}}});
  }
  expect_error<DataError>(
      [&] {
        read_pth(file(pth_of(writer.op('u').done(), {{"0", kSixFloats}})));
      },
      {"several state dicts (generator, critic)"});
}

TEST_F(ReadPth, RefusesTensorsThatReachBeyondTheirStorage) {
  const int64_t huge = int64_t{1} << 40;
  const std::vector<PthEntry> bad{
      {"w", "FloatStorage", "0", 6, 1, {2, 3}, {3, 1}},
      {"w", "FloatStorage", "0", 6, -1, {2}, {1}},
      {"w", "FloatStorage", "0", 6, 0, {2}, {-1}},
      {"w", "FloatStorage", "0", 6, 0, {7}, {1}},
      {"w", "FloatStorage", "0", 6, 7, {0}, {1}},
      {"w", "FloatStorage", "0", 6, 0, {huge, huge, huge}, {huge, huge, huge}},
      {"w", "FloatStorage", "0", 6, 0, {huge}, {0}},
      {"w", "FloatStorage", "0", 6, 0, {2, 3}, {1}}};
  for (const PthEntry& entry : bad) {
    expect_error<DataError>(
        [&] {
          read_pth(file_of({entry}, {{"0", kSixFloats}}));
        },
        {"weights.pth", "tensor 'w'", "damaged"});
  }
}

TEST_F(ReadPth, RefusesStoragesOfAnotherSizeOrNone) {
  const PthEntry entry{"w", "FloatStorage", "0", 6, 0, {6}, {1}};
  expect_error<DataError>(
      [&] {
        read_pth(file_of({entry}, {{"0", kSixFloats.substr(4)}}));
      },
      {"storage '0' has 20 bytes, expected 24"});
  expect_error<DataError>(
      [&] {
        read_pth(file_of({entry}, {{"1", kSixFloats}}));
      },
      {"storage '0' of tensor 'w' is missing"});
  expect_error<DataError>(
      [&] {
        read_pth(
            file_of({entry, {"v", "DoubleStorage", "0", 6, 0, {6}, {1}}}, {{"0", kSixFloats}}));
      },
      {"storage '0' has two sizes"});
  expect_error<DataError>(
      [&] {
        read_pth(file_of({{"w", "FloatStorage", "0", 1 << 30, 0, {6}, {1}}}, {{"0", kSixFloats}}));
      },
      {"more bytes than the file has"});
  expect_error<DataError>(
      [&] {
        read_pth(file_of({{"w", "QuantStorage", "0", 6, 0, {6}, {1}}}, {{"0", kSixFloats}}));
      },
      {"holds code (torch.QuantStorage)"});
}

TEST_F(ReadPth, RefusesNamesThatStandTwice) {
  const PthEntry entry{"w", "FloatStorage", "0", 6, 0, {6}, {1}};
  expect_error<DataError>(
      [&] {
        read_pth(file_of({entry, entry}, {{"0", kSixFloats}}));
      },
      {"tensor 'w' is there twice"});
}

TEST_F(ReadPth, RefusesCode) {
  PickleWriter writer;
  writer.op('}')
      .op('(')
      .text("w")
      .global("posix", "system")
      .text("touch /tmp/pwned")
      .op('\x85')
      .op('R')
      .op('u');
  expect_error<DataError>(
      [&] { read_pth(file(pth_of(writer.done(), {}), "evil.pth")); },
      {"evil.pth", "holds code (posix.system)", "linnet never runs code from a file"});
}

TEST_F(ReadPth, RefusesTorchScriptAndBigEndian) {
  const std::string pickle = PickleWriter().op('}').done();
  expect_error<DataError>(
      [&] {
        read_pth(file(test::zip_of({{"m/data.pkl", pickle}, {"m/constants.pkl", "x"}})));
      },
      {"TorchScript"});
  expect_error<DataError>(
      [&] {
        read_pth(file(test::zip_of({{"m/data.pkl", pickle}, {"m/byteorder", "big"}})));
      },
      {"big-endian"});
}

TEST_F(ReadPth, NamesWhatIsNoWeightsFile) {
  expect_error<DataError>([&] { read_pth(file("")); }, {"weights.pth", "empty (0 bytes)"});
  expect_error<DataError>([&] { read_pth(file("hello, this is a text file\n")); },
                          {"is no weights file"});
  expect_error<DataError>([&] { read_pth(file("\x80\x02N.")); }, {"bare pickle"});
  expect_error<DataError>(
      [&] {
        read_pth(file(test::zip_of({{"a.txt", "x"}})));
      },
      {"zip file without data.pkl"});
  expect_error<DataError>([&] { read_pth(file(pth_of(PickleWriter().op('}').done(), {}))); },
                          {"holds no tensors"});
  expect_error<DataError>([&] { read_pth(file(pth_of(PickleWriter().op(']').done(), {}))); },
                          {"no dict", "state dict"});
  expect_error<DataError>([&] { read_pth(dir_.path()); }, {"is a folder"});
  expect_error<IoError>([&] { read_pth(dir_ / "absent.pth"); }, {"absent.pth", "No such file"});
}

TEST_F(ReadPth, RefusesAFileCutShortAnywhere) {
  const std::string whole = pth_of({{"a", torch::ones({4, 5})}, {"b", torch::arange(3)}});
  ASSERT_EQ(read_pth(file(whole)).size(), 2);
  for (size_t size = 1; size < whole.size(); size += 13) {
    const auto path = file(std::string_view(whole).substr(0, size));
    expect_error<DataError>([&] { read_pth(path); }, {"weights.pth"});
  }
}

TEST_F(ReadPth, NoticesAChangedByte) {
  std::string bytes = pth_of({{"a", torch::ones({4, 5})}});
  bytes[bytes.find(bytes_of(torch::ones(2)))] ^= 1;  // inside the tensor: only the checksum tells
  expect_error<DataError>([&] { read_pth(file(bytes)); }, {"damaged"});
}

/** The form before torch 1.6: magic, version, system, data and keys as pickles, then the storages.
 */
std::string old_form(const std::vector<PthEntry>& entries,
                     const std::vector<std::pair<std::string, std::string>>& storages,
                     bool little_endian = true) {
  PickleWriter data;
  test::put_state_dict(data, entries);
  PickleWriter keys;
  keys.op(']').op('(');
  std::string tail;
  for (const auto& [key, bytes] : storages) {
    keys.text(key);
    tail += bytes_of(torch::tensor(static_cast<int64_t>(bytes.size() / 4)));
    tail += bytes;
  }
  const std::string system = PickleWriter()
                                 .op('}')
                                 .text("little_endian")
                                 .op(little_endian ? '\x88' : '\x89')
                                 .op('s')
                                 .done();
  return PickleWriter().raw("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19").done() +
         PickleWriter().integer(1001).done() + system + data.done() + keys.op('e').done() + tail;
}

TEST_F(ReadPth, ReadsTheFormBeforeTorch16) {
  const std::vector<PthEntry> entries{{"t", "FloatStorage", "94", 6, 0, {3, 2}, {1, 3}},
                                      {"i", "IntStorage", "95", 2, 1, {1}, {1}}};
  const std::vector<std::pair<std::string, std::string>> storages{
      {"94", kSixFloats}, {"95", bytes_of(torch::tensor({7, 8}, torch::kInt))}};
  const std::string whole = old_form(entries, storages);
  const auto dict = read_pth(file(whole));
  EXPECT_TRUE(torch::equal(dict.at("t"), torch::arange(6.0F).reshape({2, 3}).t()));
  EXPECT_TRUE(torch::equal(dict.at("i"), torch::tensor({8}, torch::kInt)));
  for (size_t size = 1; size < whole.size(); size += 7) {
    const auto path = file(std::string_view(whole).substr(0, size));
    expect_error<DataError>([&] { read_pth(path); }, {"weights.pth"});
  }
  expect_error<DataError>([&] { read_pth(file(old_form(entries, storages, false))); },
                          {"big-endian"});
}

TEST_F(ReadPth, ReadsTorchvisionsResnet18) {
  if (!test::has_shared("weights/resnet18.pth"))
    GTEST_SKIP() << "../shared/weights/resnet18.pth is not there";
  const auto dict = read_pth(test::shared_dir() / "weights/resnet18.pth");
  EXPECT_EQ(dict.size(), 122);
  EXPECT_EQ(dict.at("conv1.weight").sizes(), (std::vector<int64_t>{64, 3, 7, 7}));
  EXPECT_EQ(dict.at("fc.weight").sizes(), (std::vector<int64_t>{1000, 512}));
  EXPECT_EQ(dict.at("bn1.num_batches_tracked").scalar_type(), torch::kLong);
  for (const auto& [name, tensor] : dict)
    EXPECT_TRUE(tensor.to(torch::kDouble).isfinite().all().item<bool>()) << name;
}

}  // namespace
}  // namespace linnet
