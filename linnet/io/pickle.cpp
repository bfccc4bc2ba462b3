#include "linnet/io/pickle.h"

#include <fmt/format.h>

#include <array>

#include "linnet/io/pickle_input.h"

namespace linnet {

namespace {

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

}  // namespace

const PickleValue* PickleValue::find(std::string_view key) const {
  if (kind != PickleKind::dict) return nullptr;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->is(PickleKind::text) && items[i]->text == key) return items[i + 1];
  }
  return nullptr;
}

/** The pickle machine: a stack, marks on it, and a memo. Opcodes come in groups; each group's
 * function says whether the opcode was one of its own, and so does everything that carries one out
 * (always true). Comments give pickletools' names.
 */
class PickleReader {
 public:
  PickleReader(std::string_view bytes, const PickleOptions& options)
      : input_(bytes, options), options_(options) {}

  PickleDocument read() {
    if (input_.byte() != 0x80) input_.fail("is not a pickle of protocol 2 to 5");
    if (const unsigned version = input_.byte(); version < 2 || version > 5) {
      input_.fail(fmt::format("got a pickle of protocol {}, expected 2 to 5", version));
    }
    while (true) {
      const unsigned opcode = input_.byte();
      if (opcode == '.') break;
      if (scalar(opcode) || sized_text(opcode) || make_container(opcode) ||
          fill_container(opcode) || stack_or_memo(opcode) || object(opcode)) {
        continue;
      }
      input_.fail(
          fmt::format("pickle opcode 0x{:02x} at byte {} is damaged or not one of plain data",
                      opcode, input_.position() - 1));
    }
    document_.root_ = pop();
    document_.size_in_bytes_ = input_.position();
    return std::move(document_);
  }

 private:
  using Value = PickleValue*;
  using Items = std::vector<const PickleValue*>;

  // ---- values

  bool push(PickleKind kind, Items items = {}) {
    if (document_.values_.size() >= options_.max_values) {
      input_.fail(fmt::format("the pickle holds over {} values", options_.max_values));
    }
    PickleValue& value = document_.values_.emplace_back();
    value.kind = kind;
    value.items = std::move(items);
    stack_.push_back(&value);
    return true;
  }
  bool push_integer(PickleKind kind, int64_t integer) {
    push(kind);
    stack_.back()->integer = integer;
    return true;
  }
  bool push_number(double number) {
    push(PickleKind::number);
    stack_.back()->number = number;
    return true;
  }
  bool push_text(PickleKind kind, std::string_view text) {
    push(kind);
    stack_.back()->text = text;
    return true;
  }
  bool push_long(size_t count) {
    if (count > 8) return push_text(PickleKind::bytes, input_.take(count));
    if (count == 0) return push_integer(PickleKind::integer, 0);
    const auto unused =
        static_cast<unsigned>(64 - 8 * count);  // the sign of the highest byte carries up
    return push_integer(PickleKind::integer,
                        static_cast<int64_t>(input_.little_endian(count) << unused) >> unused);
  }
  bool push_tuple(size_t count) {
    Items items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    return push(PickleKind::tuple, std::move(items));
  }

  // ---- the stack

  Value top() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
      input_.fail("the pickle takes more values than it made: the file is damaged");
    }
    return stack_.back();
  }
  Value pop() {
    const Value value = top();
    stack_.pop_back();
    return value;
  }
  /** Everything above the last mark, which goes. */
  Items pop_to_mark() {
    if (marks_.empty()) input_.fail("the pickle lacks a mark: the file is damaged");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    Items items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }
  /** Adds to the container on top of the stack. */
  bool extend(PickleKind kind, const Items& items) {
    const Value target = top();
    if (!target->is(kind) || (kind == PickleKind::dict && items.size() % 2 != 0)) {
      input_.fail("the pickle adds to what is no container: the file is damaged");
    }
    target->items.insert(target->items.end(), items.begin(), items.end());
    return true;
  }

  // ---- opcodes

  bool scalar(unsigned opcode) {
    switch (opcode) {
      case 'N':
        return push(PickleKind::none);  // NONE
      case 0x88:
        return push_integer(PickleKind::boolean, 1);  // NEWTRUE
      case 0x89:
        return push_integer(PickleKind::boolean, 0);  // NEWFALSE
      case 'G':
        return push_number(input_.big_endian_double());  // BINFLOAT
      case 'K':
        return push_integer(PickleKind::integer, input_.byte());  // BININT1
      case 'M':
        return push_integer(PickleKind::integer,
                            static_cast<int64_t>(input_.little_endian(2)));  // BININT2
      case 'J':
        return push_integer(PickleKind::integer,
                            static_cast<int32_t>(input_.little_endian(4)));  // BININT
      case 0x8a:
        return push_long(input_.little_endian(1));  // LONG1
      case 0x8b:
        return push_long(input_.little_endian(4));  // LONG4
      default:
        return false;
    }
  }

  bool sized_text(unsigned opcode) {
    for (const SizedText& row : kSizedTexts) {
      if (row.opcode == opcode)
        return push_text(row.kind, input_.take(input_.little_endian(row.size_bytes)));
    }
    return false;
  }

  bool make_container(unsigned opcode) {
    switch (opcode) {
      case ')':
        return push_tuple(0);  // EMPTY_TUPLE
      case 0x85:
        return push_tuple(1);  // TUPLE1
      case 0x86:
        return push_tuple(2);  // TUPLE2
      case 0x87:
        return push_tuple(3);  // TUPLE3
      case ']':                // EMPTY_LIST
      case 0x8f:
        return push(PickleKind::list);  // EMPTY_SET
      case '}':
        return push(PickleKind::dict);  // EMPTY_DICT
      case 't':                         // TUPLE
      case 0x91:
        return push(PickleKind::tuple, pop_to_mark());  // FROZENSET
      case 'l':
        return push(PickleKind::list, pop_to_mark());  // LIST
      case 'd': {                                      // DICT
        const Items items = pop_to_mark();
        push(PickleKind::dict);
        return extend(PickleKind::dict, items);
      }
      default:
        return false;
    }
  }

  bool fill_container(unsigned opcode) {
    switch (opcode) {
      case 'a': {  // APPEND
        const Value item = pop();
        return extend(PickleKind::list, {item});
      }
      case 's': {  // SETITEM
        const Value value = pop();
        const Value key = pop();
        return extend(PickleKind::dict, {key, value});
      }
      case 'e':     // APPENDS
      case 0x90: {  // ADDITEMS
        const Items items = pop_to_mark();
        return extend(PickleKind::list, items);
      }
      case 'u': {  // SETITEMS
        const Items items = pop_to_mark();
        return extend(PickleKind::dict, items);
      }
      default:
        return false;
    }
  }

  bool stack_or_memo(unsigned opcode) {
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
        stack_.push_back(top());
        return true;  // DUP
      case 0x95:
        input_.little_endian(8);
        return true;  // FRAME: a hint for buffering
      case 'q':
        return remember(input_.byte());  // BINPUT
      case 'r':
        return remember(input_.little_endian(4));  // LONG_BINPUT
      case 0x94:
        return remember(memo_.size());  // MEMOIZE
      case 'h':
        return recall(input_.byte());  // BINGET
      case 'j':
        return recall(input_.little_endian(4));  // LONG_BINGET
      default:
        return false;
    }
  }

  bool remember(uint64_t index) {
    if (index >= options_.max_values)
      input_.fail(fmt::format("the pickle remembers over {} values", options_.max_values));
    if (index >= memo_.size()) memo_.resize(index + 1, nullptr);
    memo_[index] = top();
    return true;
  }
  bool recall(uint64_t index) {
    if (index >= memo_.size() || memo_[index] == nullptr) {
      input_.fail("the pickle recalls a value it never made: the file is damaged");
    }
    stack_.push_back(memo_[index]);
    return true;
  }

  // ---- what would be code in Python

  bool object(unsigned opcode) {
    switch (opcode) {
      case 'c': {  // GLOBAL
        const auto module = input_.line();
        return push_global(module, input_.line());
      }
      case 0x93: {  // STACK_GLOBAL
        const Value name = pop();
        const Value module = pop();
        if (!name->is(PickleKind::text) || !module->is(PickleKind::text)) {
          input_.fail("a name in the pickle is no text: the file is damaged");
        }
        return push_global(module->text, name->text);
      }
      case 'Q': {  // BINPERSID
        const Value id = pop();
        return push(PickleKind::persistent, {id});
      }
      case 'R':     // REDUCE
      case 0x81: {  // NEWOBJ
        const Value arguments = pop();
        const Value callable = pop();
        if (!callable->is(PickleKind::global) || !arguments->is(PickleKind::tuple)) {
          input_.fail("the pickle calls what is no name: the file is damaged");
        }
        return push_record(callable->text, arguments->items);
      }
      case 'b':
        pop();
        top();
        return true;  // BUILD: an object's state, which plain data do without
      default:
        return false;
    }
  }

  bool push_global(std::string_view module, std::string_view name) {
    if (module == "__builtin__") module = "builtins";  // as protocol 2 spells it
    const std::string full = fmt::format("{}.{}", module, name);
    if (!detail::is_plain_pickle_name(full)) {
      input_.fail(fmt::format(
          "holds code ({}); linnet never runs code from a file. In Python, save the weights alone: "
          "torch.save(model.state_dict(), path)",
          detail::shown_in_message(full)));
    }
    return push_text(PickleKind::global, full);
  }

  bool push_record(const std::string& callable, const Items& arguments) {
    const PickleValue* first = arguments.empty() ? nullptr : arguments[0];
    charge(arguments.size() + (first == nullptr ? 0 : first->items.size() + first->text.size()));
    if (callable == "collections.OrderedDict") return push_ordered_dict(first);
    if (callable == "torch.Size" || callable == "builtins.set") return push_sequence(first);
    if (callable == "builtins.bytes" && first == nullptr) return push_text(PickleKind::bytes, "");
    if (callable == "_codecs.encode" && first != nullptr && first->is(PickleKind::text)) {
      return push_text(PickleKind::bytes, detail::latin1_of(first->text, input_));
    }
    push(PickleKind::record, arguments);
    stack_.back()->text = callable;
    return true;
  }

  // A few bytes may name a remembered value of a million items again and again: what is copied of
  // it is counted.
  void charge(size_t copied) {
    copied_ += copied;
    if (copied_ > options_.max_bytes) input_.fail("the pickle repeats its values without end");
  }

  bool push_sequence(const PickleValue* sequence) {
    if (sequence == nullptr) return push(PickleKind::tuple);
    if (!sequence->is_sequence())
      input_.fail("a sequence in the pickle is none: the file is damaged");
    return push(PickleKind::tuple, sequence->items);
  }

  // OrderedDict() is filled by SETITEMS later; very old files pass a list of [key, value].
  bool push_ordered_dict(const PickleValue* pairs) {
    push(PickleKind::dict);
    if (pairs == nullptr) return true;
    for (const PickleValue* pair : pairs->items) {
      if (!pair->is_sequence() || pair->items.size() != 2) {
        input_.fail("an OrderedDict in the pickle is not made of pairs: the file is damaged");
      }
      extend(PickleKind::dict, pair->items);
    }
    return true;
  }

  detail::PickleInput input_;
  const PickleOptions& options_;
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
