#include "linnet/io/pickle_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "linnet/core/error.h"

namespace linnet::detail {

namespace {

constexpr auto kPlainNames = std::to_array<std::string_view>({
    "_codecs.encode",
    "builtins.bytes",
    "builtins.set",
    "collections.OrderedDict",
    "torch.Size",
    "torch.device",
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_parameter",
    // storages and dtypes
    "torch.FloatStorage",
    "torch.DoubleStorage",
    "torch.HalfStorage",
    "torch.BFloat16Storage",
    "torch.LongStorage",
    "torch.IntStorage",
    "torch.ShortStorage",
    "torch.CharStorage",
    "torch.ByteStorage",
    "torch.BoolStorage",
    "torch.ComplexFloatStorage",
    "torch.ComplexDoubleStorage",
    "torch.float32",
    "torch.float64",
    "torch.float16",
    "torch.bfloat16",
    "torch.int64",
    "torch.int32",
    "torch.int16",
    "torch.int8",
    "torch.uint8",
    "torch.bool",
    // numbers in the optimizer's state that fastai's learn.save writes beside the model
    "fastcore.foundation.L",
    "numpy.dtype",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
});

}  // namespace

PickleInput::PickleInput(std::string_view bytes, const PickleOptions& options)
    : bytes_(bytes), options_(options) {
  if (bytes.size() > options.max_bytes) {
    fail(fmt::format("the pickle is {} bytes long, over the limit of {}", bytes.size(),
                     options.max_bytes));
  }
}

std::string_view PickleInput::take(uint64_t count) {
  if (count > bytes_.size() - at_) {
    fail(fmt::format("the pickle ends early, at byte {}: the file is cut short or damaged",
                     bytes_.size()));
  }
  const auto taken = bytes_.substr(at_, count);
  at_ += count;
  return taken;
}

unsigned PickleInput::byte() { return static_cast<unsigned char>(take(1)[0]); }

uint64_t PickleInput::little_endian(size_t count) {
  uint64_t value = 0;
  const auto taken = take(count);
  for (size_t i = count; i-- > 0;) value = value << 8U | static_cast<unsigned char>(taken[i]);
  return value;
}

double PickleInput::big_endian_double() {
  uint64_t bits = 0;
  for (const char c : take(8)) bits = bits << 8U | static_cast<unsigned char>(c);
  return std::bit_cast<double>(bits);
}

std::string_view PickleInput::line() {
  constexpr size_t kLongest = 1000;
  const size_t length = bytes_.substr(at_, kLongest).find('\n');
  if (length == std::string_view::npos)
    fail(fmt::format("a name at byte {} of the pickle does not end", at_));
  const auto text = take(length);
  take(1);
  return text;
}

void PickleInput::fail(std::string_view what) const {
  throw DataError(options_.where, options_.path, what);
}

bool is_plain_pickle_name(std::string_view name) {
  return std::find(kPlainNames.begin(), kPlainNames.end(), name) != kPlainNames.end();
}

std::string latin1_of(std::string_view utf8, const PickleInput& input) {
  std::string bytes;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      bytes.push_back(utf8[i]);
    } else if ((lead == 0xC2 || lead == 0xC3) && i + 1 < utf8.size()) {
      bytes.push_back(static_cast<char>((lead & 0x03U) << 6U |
                                        (static_cast<unsigned char>(utf8[++i]) & 0x3FU)));
    } else {
      input.fail("bytes in the pickle are not Latin-1 text: the file is damaged");
    }
  }
  return bytes;
}

}  // namespace linnet::detail
