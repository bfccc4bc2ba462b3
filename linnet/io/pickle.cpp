#include "linnet/io/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "linnet/core/error.h"

namespace linnet {

namespace {

// Names that stay what they are: inert text, or a record of the arguments they would have been
// called with.
constexpr auto kAllowed = std::to_array<std::string_view>(
    {"_codecs.encode", "builtins.bytes", "builtins.set", "collections.OrderedDict", "torch.Size",
     "torch.device", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
     "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter",
     // storages and dtypes
     "torch.FloatStorage", "torch.DoubleStorage", "torch.HalfStorage", "torch.BFloat16Storage",
     "torch.LongStorage", "torch.IntStorage", "torch.ShortStorage", "torch.CharStorage",
     "torch.ByteStorage", "torch.BoolStorage", "torch.ComplexFloatStorage",
     "torch.ComplexDoubleStorage", "torch.float32", "torch.float64", "torch.float16",
     "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8",
     "torch.bool",
     // numbers inside the optimizer's state that fastai's learn.save writes beside the model
     "fastcore.foundation.L", "numpy.dtype", "numpy.core.multiarray.scalar",
     "numpy._core.multiarray.scalar"});

// Opcodes followed by a size and as many bytes.
struct SizedText {
  unsigned opcode;
  PickleKind kind;
  size_t size_bytes;
};
constexpr auto kSizedTexts = std::to_array<SizedText>({
    {0x8c, PickleKind::text, 1},   // SHORT_BINUNICODE
    {'X', PickleKind::text, 4},    // BINUNICODE
    {0x8d, PickleKind::text, 8},   // BINUNICODE8
    {'U', PickleKind::text, 1},    // SHORT_BINSTRING: Python 2
    {'T', PickleKind::text, 4},    // BINSTRING: Python 2
    {'C', PickleKind::bytes, 1},   // SHORT_BINBYTES
    {'B', PickleKind::bytes, 4},   // BINBYTES
    {0x8e, PickleKind::bytes, 8},  // BINBYTES8
    {0x96, PickleKind::bytes, 8},  // BYTEARRAY8
});

// For messages: one line, printable, short.
std::string shown(std::string_view text) {
  std::string line(text.substr(0, 80));
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > 80 ? line + "..." : line;
}

/** UTF-8 of code points below 256 as single bytes; nothing when it holds others. */
std::optional<std::string> latin1_of(std::string_view utf8) {
  std::string bytes;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      bytes.push_back(utf8[i]);
    } else if ((lead == 0xC2 || lead == 0xC3) && i + 1 < utf8.size()) {
      bytes.push_back(static_cast<char>((lead & 0x03U) << 6U |
                                        (static_cast<unsigned char>(utf8[++i]) & 0x3FU)));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace

const PickleValue* PickleValue::find(std::string_view key) const {
  if (kind != PickleKind::dict) return nullptr;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->is(PickleKind::text) && items[i]->text == key) return items[i + 1];
  }
  return nullptr;
}

/** The pickle machine: a stack, marks on it, and a memo. Each group of opcodes is a function that
 * says whether it knew it. */
class PickleReader {
 public:
  PickleReader(std::string_view bytes, const PickleOptions& options)
      : bytes_(bytes), options_(options) {}

  PickleDocument read() {
    if (bytes_.size() > options_.max_bytes)
      fail(fmt::format("the pickle is {} bytes long, over the limit of {}", bytes_.size(),
                       options_.max_bytes));
    if (byte() != 0x80) fail("is not a pickle of protocol 2 to 5");
    if (const unsigned version = byte(); version < 2 || version > 5) {
      fail(fmt::format("got a pickle of protocol {}, expected 2 to 5", version));
    }
    while (true) {
      const unsigned opcode = byte();
      if (opcode == '.') break;
      if (!plain(opcode) && !container(opcode) && !stack_and_memo(opcode) && !object(opcode)) {
        fail(fmt::format("pickle opcode 0x{:02x} at byte {} is damaged or not one of plain data",
                         opcode, at_ - 1));
      }
    }
    document_.root_ = pop();
    document_.size_in_bytes_ = at_;
    return std::move(document_);
  }

 private:
  using Value = PickleValue*;

  [[noreturn]] void fail(std::string_view what) const {
    throw DataError(options_.where, options_.path, what);
  }

  // ---- input

  std::string_view take(uint64_t count) {
    if (count > bytes_.size() - at_)
      fail(fmt::format("the pickle ends early, at byte {}: the file is cut short or damaged",
                       bytes_.size()));
    const auto taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }
  unsigned byte() { return static_cast<unsigned char>(take(1)[0]); }
  uint64_t little_endian(size_t count) {
    uint64_t value = 0;
    const auto taken = take(count);
    for (size_t i = count; i-- > 0;) value = value << 8U | static_cast<unsigned char>(taken[i]);
    return value;
  }
  double big_endian_double() {
    uint64_t value = 0;
    for (const char c : take(8)) value = value << 8U | static_cast<unsigned char>(c);
    return std::bit_cast<double>(value);
  }
  std::string_view line() {
    const size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos || end - at_ > 1000)
      fail(fmt::format("a name at byte {} of the pickle does not end", at_));
    const auto text = take(end - at_);
    take(1);
    return text;
  }

  // ---- values and the stack

  Value make(PickleKind kind) {
    if (document_.values_.size() >= options_.max_values)
      fail(fmt::format("the pickle holds over {} values", options_.max_values));
    document_.values_.emplace_back().kind = kind;
    return &document_.values_.back();
  }
  void push(Value value) { stack_.push_back(value); }
  void push_integer(PickleKind kind, int64_t integer) {
    push(make(kind));
    stack_.back()->integer = integer;
  }
  void push_text(PickleKind kind, std::string_view text) {
    push(make(kind));
    stack_.back()->text = text;
  }
  void push_long(size_t count) {
    if (count > 8) return push_text(PickleKind::bytes, take(count));
    const uint64_t bits = little_endian(count);
    const auto unused =
        static_cast<unsigned>(64 - 8 * count);  // sign of the highest byte carries up
    push_integer(PickleKind::integer,
                 count == 0 ? 0 : static_cast<int64_t>(bits << unused) >> unused);
  }
  Value top() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back()))
      fail("the pickle takes more values than it made: the file is damaged");
    return stack_.back();
  }
  Value pop() {
    const Value value = top();
    stack_.pop_back();
    return value;
  }
  /** Everything above the last mark, which goes. */
  std::vector<const PickleValue*> pop_to_mark() {
    if (marks_.empty()) fail("the pickle lacks a mark: the file is damaged");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<const PickleValue*> values(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return values;
  }
  void push_tuple(size_t count) {
    std::vector<const PickleValue*> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    push(make(PickleKind::tuple));
    stack_.back()->items = std::move(items);
  }
  /** Adds to the container on top of the stack. */
  void extend(PickleKind kind, const std::vector<const PickleValue*>& items) {
    const Value target = top();
    if (!target->is(kind) || (kind == PickleKind::dict && items.size() % 2 != 0))
      fail("the pickle adds to what is no container: the file is damaged");
    target->items.insert(target->items.end(), items.begin(), items.end());
  }

  // ---- opcodes, by group; the names in the comments are pickletools'

  bool plain(unsigned opcode) {
    for (const SizedText& row : kSizedTexts) {
      if (row.opcode != opcode) continue;
      push_text(row.kind, take(little_endian(row.size_bytes)));
      return true;
    }
    switch (opcode) {
      case 'N':
        push(make(PickleKind::none));
        return true;  // NONE
      case 0x88:
        push_integer(PickleKind::boolean, 1);
        return true;  // NEWTRUE
      case 0x89:
        push_integer(PickleKind::boolean, 0);
        return true;  // NEWFALSE
      case 'J':
        push_integer(PickleKind::integer, static_cast<int32_t>(little_endian(4)));
        return true;  // BININT
      case 'K':
        push_integer(PickleKind::integer, static_cast<int64_t>(little_endian(1)));
        return true;  // BININT1
      case 'M':
        push_integer(PickleKind::integer, static_cast<int64_t>(little_endian(2)));
        return true;  // BININT2
      case 0x8a:
        push_long(little_endian(1));
        return true;  // LONG1
      case 0x8b:
        push_long(little_endian(4));
        return true;  // LONG4
      case 'G':       // BINFLOAT
        push(make(PickleKind::number));
        stack_.back()->number = big_endian_double();
        return true;
      default:
        return false;
    }
  }

  bool container(unsigned opcode) {
    switch (opcode) {
      case ')':
        push_tuple(0);
        return true;  // EMPTY_TUPLE
      case 0x85:
        push_tuple(1);
        return true;  // TUPLE1
      case 0x86:
        push_tuple(2);
        return true;  // TUPLE2
      case 0x87:
        push_tuple(3);
        return true;  // TUPLE3
      case 't':
        return from_mark(PickleKind::tuple);  // TUPLE
      case 'l':
        return from_mark(PickleKind::list);  // LIST
      case 0x91:
        return from_mark(PickleKind::tuple);  // FROZENSET
      case 'd': {                             // DICT
        const auto items = pop_to_mark();
        push(make(PickleKind::dict));
        extend(PickleKind::dict, items);
        return true;
      }
      case ']':  // EMPTY_LIST
      case 0x8f:
        push(make(PickleKind::list));
        return true;  // EMPTY_SET
      case '}':
        push(make(PickleKind::dict));
        return true;  // EMPTY_DICT
      case 'a': {     // APPEND
        const Value item = pop();
        extend(PickleKind::list, {item});
        return true;
      }
      case 'e':     // APPENDS
      case 0x90: {  // ADDITEMS
        const auto items = pop_to_mark();
        extend(PickleKind::list, items);
        return true;
      }
      case 's': {  // SETITEM
        const Value value = pop();
        const Value key = pop();
        extend(PickleKind::dict, {key, value});
        return true;
      }
      case 'u': {  // SETITEMS
        const auto items = pop_to_mark();
        extend(PickleKind::dict, items);
        return true;
      }
      default:
        return false;
    }
  }

  bool from_mark(PickleKind kind) {
    auto items = pop_to_mark();
    push(make(kind));
    stack_.back()->items = std::move(items);
    return true;
  }

  bool stack_and_memo(unsigned opcode) {
    switch (opcode) {
      case '(':
        marks_.push_back(stack_.size());
        return true;  // MARK
      case '0':
        pop();
        return true;  // POP
      case '1':
        pop_to_mark();
        return true;  // POP_MARK
      case '2':
        push(top());
        return true;  // DUP
      case 0x95:
        little_endian(8);
        return true;  // FRAME: a hint for buffering
      case 'q':
        remember(little_endian(1));
        return true;  // BINPUT
      case 'r':
        remember(little_endian(4));
        return true;  // LONG_BINPUT
      case 0x94:
        remember(memo_.size());
        return true;  // MEMOIZE
      case 'h':
        recall(little_endian(1));
        return true;  // BINGET
      case 'j':
        recall(little_endian(4));
        return true;  // LONG_BINGET
      default:
        return false;
    }
  }

  void remember(uint64_t index) {
    if (index >= options_.max_values)
      fail(fmt::format("the pickle remembers over {} values", options_.max_values));
    if (index >= memo_.size()) memo_.resize(index + 1, nullptr);
    memo_[index] = top();
  }
  void recall(uint64_t index) {
    if (index >= memo_.size() || memo_[index] == nullptr)
      fail("the pickle recalls a value it never made: the file is damaged");
    push(memo_[index]);
  }

  bool object(unsigned opcode) {
    switch (opcode) {
      case 'c': {  // GLOBAL
        const auto module = line();
        push_global(module, line());
        return true;
      }
      case 0x93: {  // STACK_GLOBAL
        const Value name = pop();
        const Value module = pop();
        if (!name->is(PickleKind::text) || !module->is(PickleKind::text))
          fail("a name in the pickle is no text: the file is damaged");
        push_global(module->text, name->text);
        return true;
      }
      case 'Q': {  // BINPERSID
        const Value id = pop();
        push(make(PickleKind::persistent));
        stack_.back()->items = {id};
        return true;
      }
      case 'R':     // REDUCE
      case 0x81: {  // NEWOBJ
        const Value arguments = pop();
        const Value callable = pop();
        if (!callable->is(PickleKind::global) || !arguments->is(PickleKind::tuple))
          fail("the pickle calls what is no name: the file is damaged");
        push_record(callable->text, *arguments);
        return true;
      }
      case 'b':
        pop();
        top();
        return true;  // BUILD: state of an object; plain data needs none
      default:
        return false;
    }
  }

  // A few bytes may name a remembered value of a million items again and again: what is copied of
  // it is counted.
  void charge(size_t copied) {
    copied_ += copied;
    if (copied_ > options_.max_bytes) fail("the pickle repeats its values without end");
  }

  void push_global(std::string_view module, std::string_view name) {
    if (module == "__builtin__") module = "builtins";  // as protocol 2 spells it
    const std::string full = fmt::format("{}.{}", module, name);
    if (std::find(kAllowed.begin(), kAllowed.end(), full) == kAllowed.end()) {
      fail(fmt::format(
          "holds code ({}); linnet never runs code from a file. In Python, save the weights alone: "
          "torch.save(model.state_dict(), path)",
          shown(full)));
    }
    push_text(PickleKind::global, full);
  }

  void push_record(const std::string& callable, const PickleValue& arguments) {
    const auto& items = arguments.items;
    const PickleValue* first = items.empty() ? nullptr : items[0];
    charge(items.size() + (first == nullptr ? 0 : first->items.size() + first->text.size()));
    if (callable == "collections.OrderedDict") return push_ordered_dict(first);
    if (callable == "torch.Size" || callable == "builtins.set")
      return push_copy(PickleKind::tuple, first);
    if (callable == "builtins.bytes" && first == nullptr) return push_text(PickleKind::bytes, "");
    if (callable == "_codecs.encode" && first != nullptr && first->is(PickleKind::text)) {
      const auto bytes = latin1_of(first->text);
      if (!bytes) fail("bytes in the pickle are not Latin-1 text: the file is damaged");
      return push_text(PickleKind::bytes, *bytes);
    }
    push(make(PickleKind::record));
    stack_.back()->text = callable;
    stack_.back()->items = items;
  }

  void push_copy(PickleKind kind, const PickleValue* sequence) {
    if (sequence != nullptr && !sequence->is_sequence())
      fail("a sequence in the pickle is none: the file is damaged");
    push(make(kind));
    if (sequence != nullptr) stack_.back()->items = sequence->items;
  }

  // OrderedDict() is filled by SETITEMS later; very old files pass a list of [key, value].
  void push_ordered_dict(const PickleValue* pairs) {
    push(make(PickleKind::dict));
    if (pairs == nullptr) return;
    for (const PickleValue* pair : pairs->items) {
      if (!pair->is_sequence() || pair->items.size() != 2)
        fail("an OrderedDict in the pickle is not made of pairs: the file is damaged");
      stack_.back()->items.insert(stack_.back()->items.end(), pair->items.begin(),
                                  pair->items.end());
    }
  }

  std::string_view bytes_;
  const PickleOptions& options_;
  size_t at_ = 0;
  size_t copied_ = 0;
  PickleDocument document_;
  std::vector<Value> stack_;
  std::vector<size_t> marks_;
  std::vector<Value> memo_;
};

PickleDocument read_pickle(std::string_view bytes, const PickleOptions& options) {
  return PickleReader(bytes, options).read();
}

}  // namespace linnet
