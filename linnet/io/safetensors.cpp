#include "linnet/io/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <numeric>
#include <string_view>

#include "linnet/core/error.h"
#include "linnet/core/json.h"
#include "linnet/io/atomic_file.h"

namespace linnet {

namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors holds little-endian numbers");

constexpr std::string_view kRead = "read_safetensors";
constexpr std::string_view kWrite = "write_safetensors";
constexpr uint64_t kMostHeaderBytes = 100'000'000;  // as in the format's description

struct Dtype {
  std::string_view name;
  torch::ScalarType type;
};
constexpr auto kDtypes = std::to_array<Dtype>({{"BOOL", torch::kBool},
                                               {"U8", torch::kByte},
                                               {"I8", torch::kChar},
                                               {"I16", torch::kShort},
                                               {"I32", torch::kInt},
                                               {"I64", torch::kLong},
                                               {"F16", torch::kHalf},
                                               {"BF16", torch::kBFloat16},
                                               {"F32", torch::kFloat},
                                               {"F64", torch::kDouble},
                                               {"C64", torch::kComplexFloat}});

// ---- writing

std::string_view dtype_name(const StateDict::Entry& entry) {
  const torch::Tensor& tensor = entry.tensor;
  if (tensor.defined() && tensor.layout() == torch::kStrided && !tensor.is_quantized()) {
    for (const Dtype& row : kDtypes) {
      if (row.type == tensor.scalar_type()) return row.name;
    }
  }
  throw UsageError(
      kWrite,
      fmt::format("tensor '{}' cannot be written: got {}, expected a dense tensor of numbers",
                  entry.name,
                  tensor.defined() ? c10::toString(tensor.scalar_type()) : "an undefined tensor"));
}

/** Indices of the entries in the order of their bytes: widest elements first, so that each tensor
 * lies aligned. */
std::vector<size_t> layout_order(const std::vector<const StateDict::Entry*>& entries) {
  std::vector<size_t> order(entries.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return entries[a]->tensor.element_size() > entries[b]->tensor.element_size();
  });
  return order;
}

std::string header_of(const std::vector<const StateDict::Entry*>& entries,
                      const std::vector<size_t>& order, const SafetensorsMetadata& metadata) {
  std::vector<int64_t> begins(entries.size());
  int64_t at = 0;
  for (const size_t i : order) {
    begins[i] = at;
    at += static_cast<int64_t>(entries[i]->tensor.nbytes());
  }
  Json header = Json::object();
  if (!metadata.empty()) {
    Json texts = Json::object();
    for (const auto& [name, text] : metadata) texts[name] = text;
    header["__metadata__"] = std::move(texts);
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto bytes = static_cast<int64_t>(entries[i]->tensor.nbytes());
    header[entries[i]->name] =
        Json{{"dtype", dtype_name(*entries[i])},
             {"shape", Json::array(entries[i]->tensor.sizes())},
             {"data_offsets", Json::array(std::array{begins[i], begins[i] + bytes})}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // the tensors begin at a multiple of 8
  return text;
}

// ---- reading

struct Row {
  std::string name;
  torch::ScalarType dtype = torch::kFloat;
  std::vector<int64_t> shape;
  int64_t begin = 0;
  int64_t end = 0;
};

[[noreturn]] void refuse_safetensors(const std::filesystem::path& path, std::string_view what) {
  throw DataError(kRead, path, fmt::format("{}. The file is damaged or no safetensors file", what));
}

Row row_of(const std::string& name, const Json& entry, const std::filesystem::path& path) {
  const std::string& dtype = entry.at("dtype").as_string();
  const auto* known = std::find_if(kDtypes.begin(), kDtypes.end(),
                                   [&](const Dtype& row) { return row.name == dtype; });
  if (known == kDtypes.end())
    throw DataError(
        kRead, path,
        fmt::format("tensor '{}' has the dtype {}, which linnet does not read", name, dtype));
  const auto offsets = entry.at("data_offsets").as_ints();
  if (offsets.size() != 2)
    refuse_safetensors(
        path, fmt::format("tensor '{}' has {} data_offsets, expected 2", name, offsets.size()));
  Row row{.name = name,
          .dtype = known->type,
          .shape = entry.at("shape").as_ints(),
          .begin = offsets[0],
          .end = offsets[1]};
  auto bytes = static_cast<int64_t>(c10::elementSize(row.dtype));
  bool fits = row.shape.size() <= 64;
  for (const int64_t size : row.shape) fits = fits && size >= 0;
  for (size_t i = 0; fits && i < row.shape.size(); ++i)
    fits = !__builtin_mul_overflow(bytes, row.shape[i], &bytes);
  if (!fits || row.begin < 0 || row.end < row.begin || row.end - row.begin != bytes) {
    refuse_safetensors(
        path,
        fmt::format("tensor '{}' has data_offsets {} to {}, which is not what its shape takes",
                    name, row.begin, row.end));
  }
  return row;
}

/** The rows must cover the bytes after the header exactly: no overlap, no hole, nothing behind. */
void check_layout(std::vector<Row> rows, int64_t data_bytes, const std::filesystem::path& path) {
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  int64_t at = 0;
  for (const Row& row : rows) {
    if (row.begin < at)
      refuse_safetensors(path, fmt::format("the bytes of tensor '{}' overlap another's", row.name));
    if (row.begin > at)
      refuse_safetensors(
          path, fmt::format("there are bytes before tensor '{}' that belong to none", row.name));
    at = row.end;
  }
  if (at > data_bytes) {
    throw DataError(kRead, path,
                    fmt::format("is cut short: got {} bytes of tensors, expected {}. Get it again",
                                data_bytes, at));
  }
  if (at < data_bytes)
    refuse_safetensors(path, fmt::format("has {} bytes behind its last tensor", data_bytes - at));
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path), in_(path, std::ios::binary) {
    if (std::error_code failure; std::filesystem::is_directory(path, failure))
      throw DataError(kRead, path, "is a folder, expected a safetensors file");
    if (!in_) throw IoError(kRead, path, fmt::format("cannot be read: {}", std::strerror(errno)));
    const auto file_bytes = static_cast<uint64_t>(std::filesystem::file_size(path));
    uint64_t header_bytes = 0;
    in_.read(reinterpret_cast<char*>(&header_bytes), sizeof header_bytes);
    if (!in_)
      throw DataError(kRead, path,
                      fmt::format("is cut short: got {} bytes. Get it again", file_bytes));
    if (header_bytes > kMostHeaderBytes)
      refuse_safetensors(path, fmt::format("its header would be {} bytes long", header_bytes));
    if (header_bytes > file_bytes - 8)
      throw DataError(kRead, path, "is cut short inside its header. Get it again");
    std::string text(header_bytes, '\0');
    in_.read(text.data(), static_cast<std::streamsize>(header_bytes));
    data_begin_ = static_cast<int64_t>(8 + header_bytes);
    data_bytes_ = static_cast<int64_t>(file_bytes) - data_begin_;
    parse(text);
  }

  SafetensorsMetadata take_metadata() { return std::move(metadata_); }

  StateDict read_tensors() {
    check_layout(rows_, data_bytes_, path_);
    StateDict tensors;
    tensors.set_source(path_);
    for (Row& row : rows_) {
      torch::Tensor tensor = torch::empty(row.shape, row.dtype);
      in_.seekg(data_begin_ + row.begin);
      in_.read(static_cast<char*>(tensor.data_ptr()), row.end - row.begin);
      if (!in_)
        throw IoError(kRead, path_, fmt::format("cannot be read: {}", std::strerror(errno)));
      if (row.dtype == torch::kBool)
        tensor = tensor.view(torch::kByte).ne(0);  // other bytes than 0 and 1 would be undefined
      tensors.add(std::move(row.name), std::move(tensor));
    }
    return tensors;
  }

 private:
  void parse(const std::string& text) {
    if (!text.starts_with('{')) refuse_safetensors(path_, "its header does not begin with '{'");
    try {
      const Json header = Json::parse(text);
      for (const auto& [name, entry] : header.as_object()) {
        if (name != "__metadata__") {
          rows_.push_back(row_of(name, entry, path_));
          continue;
        }
        for (const auto& [key, value] : entry.as_object())
          metadata_.emplace_back(key, value.as_string());
      }
    } catch (const DataError& error) {
      if (!error.path().empty()) throw;
      refuse_safetensors(path_, fmt::format("its header cannot be used ({})", error.what()));
    }
  }

  std::filesystem::path path_;
  std::ifstream in_;
  std::vector<Row> rows_;
  SafetensorsMetadata metadata_;
  int64_t data_begin_ = 0;
  int64_t data_bytes_ = 0;
};

}  // namespace

void write_safetensors(const std::filesystem::path& path, const StateDict& tensors,
                       const SafetensorsMetadata& metadata) {
  std::vector<const StateDict::Entry*> entries;
  for (const StateDict::Entry& entry : tensors) {
    if (entry.name == "__metadata__")
      throw UsageError(kWrite, "a tensor cannot be named __metadata__");
    dtype_name(entry);
    entries.push_back(&entry);
  }
  const auto order = layout_order(entries);
  const std::string header = header_of(entries, order, metadata);
  const uint64_t header_bytes = header.size();
  write_atomically(path, [&](FileWriter& writer) {
    writer.write(&header_bytes, sizeof header_bytes);
    writer.write(header);
    for (const size_t i : order) {
      const torch::Tensor tensor = entries[i]->tensor.detach().to(torch::kCPU).contiguous();
      writer.write(tensor.data_ptr(), tensor.nbytes());
    }
  });
}

SafetensorsFile read_safetensors(const std::filesystem::path& path) {
  Reader reader(path);
  return {.tensors = reader.read_tensors(), .metadata = reader.take_metadata()};
}

SafetensorsMetadata read_safetensors_metadata(const std::filesystem::path& path) {
  return Reader(path).take_metadata();
}

}  // namespace linnet
