#include "linnet/io/pth_index.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet::detail {

namespace {

constexpr std::string_view kPthIndexWhere = "read_pth";

struct StorageType {
  std::string_view name;
  torch::ScalarType dtype;
};
constexpr auto kStorageTypes = std::to_array<StorageType>({
    {"torch.FloatStorage", torch::kFloat},
    {"torch.DoubleStorage", torch::kDouble},
    {"torch.HalfStorage", torch::kHalf},
    {"torch.BFloat16Storage", torch::kBFloat16},
    {"torch.LongStorage", torch::kLong},
    {"torch.IntStorage", torch::kInt},
    {"torch.ShortStorage", torch::kShort},
    {"torch.CharStorage", torch::kChar},
    {"torch.ByteStorage", torch::kByte},
    {"torch.BoolStorage", torch::kBool},
    {"torch.ComplexFloatStorage", torch::kComplexFloat},
    {"torch.ComplexDoubleStorage", torch::kComplexDouble},
});

constexpr int64_t kMostElements = int64_t{1} << 40;

/** The record that rebuilds a tensor, inside a parameter too; null when `value` is no tensor. */
const PickleValue* tensor_record(const PickleValue& value) {
  if (!value.is(PickleKind::record)) return nullptr;
  if (value.text == "torch._utils._rebuild_parameter" && !value.items.empty()) {
    const PickleValue& inner = *value.items[0];
    return inner.is(PickleKind::record) && inner.text.starts_with("torch._utils._rebuild_tensor")
               ? &inner
               : nullptr;
  }
  return value.text.starts_with("torch._utils._rebuild_tensor") ? &value : nullptr;
}

bool holds_tensors(const PickleValue& value) {
  if (!value.is(PickleKind::dict)) return false;
  for (size_t i = 0; i + 1 < value.items.size(); i += 2) {
    if (value.items[i]->is(PickleKind::text) && tensor_record(*value.items[i + 1]) != nullptr)
      return true;
  }
  return false;
}

std::vector<int64_t> integers(const PickleValue& value, std::string_view name,
                              const std::filesystem::path& path) {
  std::vector<int64_t> result;
  const bool fits =
      value.is_sequence() && value.items.size() <= 64 &&
      std::all_of(value.items.begin(), value.items.end(), [](const PickleValue* item) {
        return item->is(PickleKind::integer) && item->integer >= 0 &&
               item->integer <= kMostElements;
      });
  if (!fits)
    throw DataError(
        kPthIndexWhere, path,
        fmt::format("tensor '{}' has a shape that cannot be. The file is damaged", name));
  for (const PickleValue* item : value.items) result.push_back(item->integer);
  return result;
}

/** True when every index of the view lies in its storage. Sizes and strides are below 2^40, so one
 * step cannot overflow twice. */
bool is_inside(const PthTensor& tensor) {
  int64_t count = 1;
  int64_t last = tensor.offset;
  for (size_t i = 0; i < tensor.sizes.size(); ++i) {
    int64_t reach = 0;
    if (tensor.sizes[i] == 0) return tensor.offset <= tensor.storage.elements;
    if (__builtin_mul_overflow(tensor.sizes[i] - 1, tensor.strides[i], &reach) ||
        __builtin_add_overflow(last, reach, &last) ||
        __builtin_mul_overflow(count, tensor.sizes[i], &count)) {
      return false;
    }
  }
  // A view that repeats its elements (stride 0) may be larger than its storage, but not without
  // bound.
  constexpr int64_t kMostRepeated = int64_t{1} << 26;
  return last < tensor.storage.elements &&
         (count <= tensor.storage.elements || count <= kMostRepeated);
}

PthTensor tensor_of(const std::string& name, const PickleValue& record,
                    const std::filesystem::path& path) {
  const auto& arguments = record.items;
  if (arguments.size() < 4 || !arguments[1]->is(PickleKind::integer)) {
    throw DataError(
        kPthIndexWhere, path,
        fmt::format("tensor '{}' is not described as torch.save does. The file is damaged", name));
  }
  PthTensor tensor{.name = name,
                   .storage = pth_storage(*arguments[0], path),
                   .offset = arguments[1]->integer,
                   .sizes = integers(*arguments[2], name, path),
                   .strides = integers(*arguments[3], name, path)};
  if (tensor.sizes.size() != tensor.strides.size() || tensor.offset < 0 ||
      tensor.offset > kMostElements || !is_inside(tensor)) {
    throw DataError(
        kPthIndexWhere, path,
        fmt::format("tensor '{}' reaches beyond its storage: got offset {}, sizes [{}], strides "
                    "[{}], expected to lie within {} elements. The file is damaged",
                    name, tensor.offset, fmt::join(tensor.sizes, ", "),
                    fmt::join(tensor.strides, ", "), tensor.storage.elements));
  }
  return tensor;
}

std::vector<std::string> text_keys(const PickleValue& dict) {
  std::vector<std::string> keys;
  for (size_t i = 0; i + 1 < dict.items.size() && keys.size() < 10; i += 2) {
    if (dict.items[i]->is(PickleKind::text)) keys.push_back(shown_text(dict.items[i]->text, 40));
  }
  return keys;
}

/** The dict of tensors itself, or the one inside. */
const PickleValue& find_state_dict(const PickleValue& root, const std::filesystem::path& path) {
  if (!root.is(PickleKind::dict)) {
    const bool one_tensor = tensor_record(root) != nullptr;
    throw DataError(
        kPthIndexWhere, path,
        fmt::format(
            "got {}, expected a state dict. In Python, save torch.save(model.state_dict(), path)",
            one_tensor ? "a single tensor" : "something that is no dict"));
  }
  if (holds_tensors(root)) return root;
  for (const std::string_view key : {"model", "state_dict", "model_state_dict"}) {
    const PickleValue* inner = root.find(key);
    if (inner != nullptr && holds_tensors(*inner)) return *inner;
  }
  std::vector<std::string> candidates;
  const PickleValue* only = nullptr;
  for (size_t i = 0; i + 1 < root.items.size(); i += 2) {
    if (!root.items[i]->is(PickleKind::text) || !holds_tensors(*root.items[i + 1])) continue;
    candidates.push_back(shown_text(root.items[i]->text, 40));
    only = root.items[i + 1];
  }
  if (candidates.size() == 1) return *only;
  if (candidates.empty()) {
    throw DataError(kPthIndexWhere, path,
                    fmt::format("holds no tensors: got a dict with {}, expected a state dict",
                                root.items.empty() ? "nothing in it"
                                                   : "the keys " + join(text_keys(root), ", ")));
  }
  throw DataError(
      kPthIndexWhere, path,
      fmt::format("holds several state dicts ({}): save the one to use in a file of its own",
                  join(candidates, ", ")));
}

void strip_prefix(std::vector<PthTensor>& tensors, std::string_view prefix) {
  const bool all = std::all_of(tensors.begin(), tensors.end(), [&](const PthTensor& tensor) {
    return tensor.name.starts_with(prefix);
  });
  if (!all) return;
  for (PthTensor& tensor : tensors) tensor.name.erase(0, prefix.size());
}

}  // namespace

PthStorage pth_storage(const PickleValue& persistent, const std::filesystem::path& path) {
  const auto damaged = [&path](std::string_view what) {
    return DataError(kPthIndexWhere, path, fmt::format("{}. The file is damaged", what));
  };
  if (!persistent.is(PickleKind::persistent) || !persistent.items[0]->is_sequence())
    throw damaged("a tensor names no storage");
  const auto& id = persistent.items[0]->items;
  if (id.size() < 5 || !id[0]->is(PickleKind::text) || id[0]->text != "storage" ||
      !id[1]->is(PickleKind::global) || !id[2]->is(PickleKind::text) ||
      !id[4]->is(PickleKind::integer) || id[4]->integer < 0 || id[4]->integer > kMostElements) {
    throw damaged("a storage is not described as torch.save does");
  }
  const auto* type = std::find_if(kStorageTypes.begin(), kStorageTypes.end(),
                                  [&](const StorageType& row) { return row.name == id[1]->text; });
  if (type == kStorageTypes.end())
    throw damaged(fmt::format("a storage has the type {}, which is none", id[1]->text));
  return {.key = id[2]->text, .dtype = type->dtype, .elements = id[4]->integer};
}

std::vector<PthTensor> pth_tensors(const PickleValue& root, const std::filesystem::path& path) {
  const PickleValue& dict = find_state_dict(root, path);
  std::vector<PthTensor> tensors;
  for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const PickleValue& key = *dict.items[i];
    const PickleValue& value = *dict.items[i + 1];
    if (const PickleValue* record = tensor_record(value);
        record != nullptr && key.is(PickleKind::text)) {
      tensors.push_back(tensor_of(key.text, *record, path));
    } else if (holds_tensors(value)) {
      throw DataError(
          kPthIndexWhere, path,
          fmt::format("holds tensors and, under '{}', a dict of more. Save one state dict",
                      shown_text(key.text, 40)));
    }
  }
  strip_prefix(tensors, "module.");
  return tensors;
}

}  // namespace linnet::detail
