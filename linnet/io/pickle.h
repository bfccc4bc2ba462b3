#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

namespace detail {
class PickleStack;
}

/** What a pickle can hold for us: plain values, and inert records of a short list of names. Nothing
 * is ever called. */
enum class PickleKind {
  none,
  boolean,     // integer is 0 or 1
  integer,     // integer
  number,      // number
  text,        // text, UTF-8
  bytes,       // text; also integers too long for 64 bits, little-endian two's complement
  list,        // items
  tuple,       // items
  dict,        // items: key, value, key, value ...
  global,      // text: "torch.FloatStorage"
  persistent,  // items[0]: the persistent id, as torch.save uses it for storages
  record,      // text: what would have been called; items: its arguments
};

/** One value. A value may be reached by several ways, or even from itself: walk only as deep as you
 * know the shape of. */
struct PickleValue {
  PickleKind kind = PickleKind::none;
  int64_t integer = 0;
  double number = 0;
  std::string text;
  std::vector<const PickleValue*> items;

  bool is(PickleKind other) const { return kind == other; }
  bool is_sequence() const { return kind == PickleKind::list || kind == PickleKind::tuple; }
  /** The value of that text key in a dict, or null. */
  const PickleValue* find(std::string_view key) const;
};

/** Owns every value of one pickle. Values point at each other only inside it, so that cycles and
 * depth cost nothing. */
class PickleDocument {
 public:
  PickleDocument() = default;
  PickleDocument(PickleDocument&&) = default;
  PickleDocument& operator=(PickleDocument&&) = default;
  PickleDocument(const PickleDocument&) = delete;
  PickleDocument& operator=(const PickleDocument&) = delete;

  const PickleValue& root() const { return *root_; }
  /** Every value that was made, in the order of making. */
  const std::deque<PickleValue>& values() const { return values_; }
  /** Bytes of the input up to and with its STOP: another pickle may follow. */
  size_t size_in_bytes() const { return size_in_bytes_; }

 private:
  friend class detail::PickleStack;
  std::deque<PickleValue> values_;
  const PickleValue* root_ = nullptr;
  size_t size_in_bytes_ = 0;
};

struct PickleOptions {
  std::filesystem::path path = {};         // named in errors
  std::string_view where = "read_pickle";  // begins the text of errors
  size_t max_bytes = size_t{64} << 20U;    // a longer pickle is refused
  size_t max_values =
      size_t{4} << 20U;  // values made and remembered; each costs about 100 bytes of memory
};

/** Reads one pickle of protocol 2 to 5 from the front of `bytes`, without running anything.
 *  A name that is neither a container, nor part of how torch.save writes tensors, nor plain numbers
 * of NumPy or fastcore in an optimizer's state, is refused with a DataError that says which.
 * Damaged and hostile input gives a DataError too: time and memory are bounded by the options.
 *  source  the opcodes as documented in Python's pickletools
 */
PickleDocument read_pickle(std::string_view bytes, const PickleOptions& options = {});

}  // namespace linnet
