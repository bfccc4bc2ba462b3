#include "support/pth_writer.h"

#include <bit>
#include <map>

#include "support/zip_writer.h"

namespace linnet::test {

namespace {

std::string little_endian(uint64_t value, size_t bytes) {
  std::string out;
  for (size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  return out;
}

const std::map<torch::ScalarType, std::string>& storage_types() {
  static const std::map<torch::ScalarType, std::string> types{
      {torch::kFloat, "FloatStorage"},
      {torch::kDouble, "DoubleStorage"},
      {torch::kHalf, "HalfStorage"},
      {torch::kBFloat16, "BFloat16Storage"},
      {torch::kLong, "LongStorage"},
      {torch::kInt, "IntStorage"},
      {torch::kShort, "ShortStorage"},
      {torch::kChar, "CharStorage"},
      {torch::kByte, "ByteStorage"},
      {torch::kBool, "BoolStorage"},
      {torch::kComplexFloat, "ComplexFloatStorage"},
      {torch::kComplexDouble, "ComplexDoubleStorage"}};
  return types;
}

}  // namespace

PickleWriter& PickleWriter::text(std::string_view value) {
  return op('X').raw(little_endian(value.size(), 4)).raw(value);
}

PickleWriter& PickleWriter::integer(int64_t value) {
  return raw("\x8a\x08").raw(little_endian(static_cast<uint64_t>(value), 8));
}

PickleWriter& PickleWriter::number(double value) {
  std::string bytes = little_endian(std::bit_cast<uint64_t>(value), 8);
  return op('G').raw(std::string(bytes.rbegin(), bytes.rend()));
}

PickleWriter& PickleWriter::global(std::string_view module, std::string_view name) {
  return op('c').raw(module).op('\n').raw(name).op('\n');
}

PickleWriter& PickleWriter::integers(const std::vector<int64_t>& values) {
  op('(');
  for (const int64_t value : values) integer(value);
  return op('t');
}

void put_state_dict(PickleWriter& writer, const std::vector<PthEntry>& entries) {
  writer.global("collections", "OrderedDict").op(')').op('R').op('(');
  for (const PthEntry& entry : entries) {
    writer.text(entry.name)
        .global("torch._utils", "_rebuild_tensor_v2")
        .op('(')
        .op('(')
        .text("storage");
    writer.global("torch", entry.storage_type)
        .text(entry.key)
        .text("cpu")
        .integer(entry.elements)
        .op('t')
        .op('Q');
    writer.integer(entry.offset).integers(entry.sizes).integers(entry.strides).op('\x89');
    writer.global("collections", "OrderedDict").op(')').op('R').op('t').op('R');
  }
  writer.op('u');
}

std::string pth_of(const std::string& pickle,
                   const std::vector<std::pair<std::string, std::string>>& storages) {
  std::vector<ZipEntry> entries{{.name = "archive/data.pkl", .bytes = pickle}};
  for (const auto& [key, bytes] : storages)
    entries.push_back({.name = "archive/data/" + key, .bytes = bytes});
  entries.push_back({.name = "archive/version", .bytes = "3\n"});
  return zip_of(entries);
}

std::string pth_of(const std::vector<std::pair<std::string, torch::Tensor>>& tensors,
                   std::string_view wrap) {
  std::vector<PthEntry> entries;
  std::vector<std::pair<std::string, std::string>> storages;
  for (const auto& [name, tensor] : tensors) {
    const std::string key = std::to_string(storages.size());
    entries.push_back({.name = name,
                       .storage_type = storage_types().at(tensor.scalar_type()),
                       .key = key,
                       .elements = tensor.numel(),
                       .offset = 0,
                       .sizes = tensor.sizes().vec(),
                       .strides = tensor.contiguous().strides().vec()});
    storages.emplace_back(key, bytes_of(tensor));
  }
  PickleWriter writer;
  if (!wrap.empty()) writer.op('}').op('(').text(wrap);
  put_state_dict(writer, entries);
  if (!wrap.empty()) writer.text("epoch").integer(3).op('u');
  return pth_of(writer.done(), storages);
}

std::string bytes_of(const torch::Tensor& tensor) {
  const torch::Tensor packed = tensor.contiguous();
  return {static_cast<const char*>(packed.data_ptr()), packed.nbytes()};
}

}  // namespace linnet::test
