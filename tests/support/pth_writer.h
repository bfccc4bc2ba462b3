#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linnet::test {

/** Writes pickles of protocol 2 by hand, value by value. */
class PickleWriter {
 public:
  PickleWriter() : out_("\x80\x02") {}

  PickleWriter& op(char opcode) { return raw(std::string_view(&opcode, 1)); }
  PickleWriter& raw(std::string_view bytes) {
    out_ += bytes;
    return *this;
  }
  PickleWriter& text(std::string_view value);
  PickleWriter& integer(int64_t value);
  PickleWriter& number(double value);
  PickleWriter& global(std::string_view module, std::string_view name);
  PickleWriter& integers(const std::vector<int64_t>& values);  // a tuple
  /** With the STOP. */
  std::string done() const { return out_ + '.'; }

 private:
  std::string out_;
};

/** How a test file describes one tensor; the numbers may be false on purpose. */
struct PthEntry {
  std::string name;
  std::string storage_type;  // "FloatStorage"
  std::string key;
  int64_t elements = 0;
  int64_t offset = 0;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
};

/** Adds the pickled dict {name: tensor}, as torch.save writes a state dict. */
void put_state_dict(PickleWriter& writer, const std::vector<PthEntry>& entries);

/** A .pth of `pickle` and the raw bytes of storages by key. */
std::string pth_of(const std::string& pickle,
                   const std::vector<std::pair<std::string, std::string>>& storages);

/** A whole .pth file, each tensor in a storage of its own; `wrap` puts the dict under that key. */
std::string pth_of(const std::vector<std::pair<std::string, torch::Tensor>>& tensors,
                   std::string_view wrap = "");

/** The raw bytes of a contiguous tensor. */
std::string bytes_of(const torch::Tensor& tensor);

}  // namespace linnet::test
