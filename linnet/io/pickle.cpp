#include "linnet/io/pickle.h"

#include <fmt/format.h>

#include <array>

#include "linnet/core/strings.h"
#include "linnet/io/pickle_input.h"
#include "linnet/io/pickle_stack.h"

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

/** The pickle machine. Opcodes come in groups; each group's
 * function says whether the opcode was one of its own, and so does everything that carries one out
 * (always true). Comments give pickletools' names.
 */
class PickleReader {
 public:
  PickleReader(std::string_view bytes, const PickleOptions& options)
      : input_(bytes, options), options_(options), stack_(input_, options) {}

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
    return stack_.finish();
  }

 private:
  using Value = detail::PickleStack::Value;
  using Items = detail::PickleStack::Items;

  bool push_long(size_t count) {
    if (count > 8) return stack_.push_text(PickleKind::bytes, input_.take(count));
    if (count == 0) return stack_.push_integer(PickleKind::integer, 0);
    const auto unused =
        static_cast<unsigned>(64 - 8 * count);  // the sign of the highest byte carries up
    return stack_.push_integer(
        PickleKind::integer, static_cast<int64_t>(input_.little_endian(count) << unused) >> unused);
  }

  // ---- opcodes

  bool scalar(unsigned opcode) {
    switch (opcode) {
      case 'N':
        return stack_.push(PickleKind::none);  // NONE
      case 0x88:
        return stack_.push_integer(PickleKind::boolean, 1);  // NEWTRUE
      case 0x89:
        return stack_.push_integer(PickleKind::boolean, 0);  // NEWFALSE
      case 'G':
        return stack_.push_number(input_.big_endian_double());  // BINFLOAT
      case 'K':
        return stack_.push_integer(PickleKind::integer, input_.byte());  // BININT1
      case 'M':
        return stack_.push_integer(PickleKind::integer,
                                   static_cast<int64_t>(input_.little_endian(2)));  // BININT2
      case 'J':
        return stack_.push_integer(PickleKind::integer,
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
        return stack_.push_text(row.kind, input_.take(input_.little_endian(row.size_bytes)));
    }
    return false;
  }

  bool make_container(unsigned opcode) {
    switch (opcode) {
      case ')':
        return stack_.push_tuple(0);  // EMPTY_TUPLE
      case 0x85:
        return stack_.push_tuple(1);  // TUPLE1
      case 0x86:
        return stack_.push_tuple(2);  // TUPLE2
      case 0x87:
        return stack_.push_tuple(3);  // TUPLE3
      case ']':                       // EMPTY_LIST
      case 0x8f:
        return stack_.push(PickleKind::list);  // EMPTY_SET
      case '}':
        return stack_.push(PickleKind::dict);  // EMPTY_DICT
      case 't':                                // TUPLE
      case 0x91:
        return stack_.push(PickleKind::tuple, stack_.pop_to_mark());  // FROZENSET
      case 'l':
        return stack_.push(PickleKind::list, stack_.pop_to_mark());  // LIST
      case 'd': {                                                    // DICT
        const Items items = stack_.pop_to_mark();
        stack_.push(PickleKind::dict);
        return stack_.extend(PickleKind::dict, items);
      }
      default:
        return false;
    }
  }

  bool fill_container(unsigned opcode) {
    switch (opcode) {
      case 'a': {  // APPEND
        const Value item = stack_.pop();
        return stack_.extend(PickleKind::list, {item});
      }
      case 's': {  // SETITEM
        const Value value = stack_.pop();
        const Value key = stack_.pop();
        return stack_.extend(PickleKind::dict, {key, value});
      }
      case 'e':     // APPENDS
      case 0x90: {  // ADDITEMS
        const Items items = stack_.pop_to_mark();
        return stack_.extend(PickleKind::list, items);
      }
      case 'u': {  // SETITEMS
        const Items items = stack_.pop_to_mark();
        return stack_.extend(PickleKind::dict, items);
      }
      default:
        return false;
    }
  }

  bool stack_or_memo(unsigned opcode) {
    switch (opcode) {
      case '(':
        return stack_.mark();  // MARK
      case '0':
        stack_.pop();
        return true;  // POP
      case '1':
        stack_.pop_to_mark();
        return true;  // POP_MARK
      case '2':
        return stack_.push_top_again();  // DUP
      case 0x95:
        input_.little_endian(8);
        return true;  // FRAME: a hint for buffering
      case 'q':
        return stack_.remember(input_.byte());  // BINPUT
      case 'r':
        return stack_.remember(input_.little_endian(4));  // LONG_BINPUT
      case 0x94:
        return stack_.remember_next();  // MEMOIZE
      case 'h':
        return stack_.recall(input_.byte());  // BINGET
      case 'j':
        return stack_.recall(input_.little_endian(4));  // LONG_BINGET
      default:
        return false;
    }
  }

  // ---- what would be code in Python

  bool object(unsigned opcode) {
    switch (opcode) {
      case 'c': {  // GLOBAL
        const auto module = input_.line();
        return push_global(module, input_.line());
      }
      case 0x93: {  // STACK_GLOBAL
        const Value name = stack_.pop();
        const Value module = stack_.pop();
        if (!name->is(PickleKind::text) || !module->is(PickleKind::text)) {
          input_.fail("a name in the pickle is no text: the file is damaged");
        }
        return push_global(module->text, name->text);
      }
      case 'Q': {  // BINPERSID
        const Value id = stack_.pop();
        return stack_.push(PickleKind::persistent, {id});
      }
      case 'R':     // REDUCE
      case 0x81: {  // NEWOBJ
        const Value arguments = stack_.pop();
        const Value callable = stack_.pop();
        if (!callable->is(PickleKind::global) || !arguments->is(PickleKind::tuple)) {
          input_.fail("the pickle calls what is no name: the file is damaged");
        }
        return call(callable->text, arguments->items);
      }
      case 'b':
        stack_.pop();
        stack_.top();
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
          shown_text(full)));
    }
    return stack_.push_text(PickleKind::global, full);
  }

  bool call(const std::string& callable, const Items& arguments) {
    const PickleValue* first = arguments.empty() ? nullptr : arguments[0];
    charge(arguments.size() + (first == nullptr ? 0 : first->items.size() + first->text.size()));
    if (callable == "collections.OrderedDict") return push_ordered_dict(first);
    if (callable == "torch.Size" || callable == "builtins.set") return push_sequence(first);
    if (callable == "builtins.bytes" && first == nullptr)
      return stack_.push_text(PickleKind::bytes, "");
    if (callable == "_codecs.encode" && first != nullptr && first->is(PickleKind::text)) {
      return stack_.push_text(PickleKind::bytes, detail::latin1_of(first->text, input_));
    }
    return stack_.push_record(callable, arguments);
  }

  // A few bytes may name a remembered value of a million items again and again: what is copied of
  // it is counted.
  void charge(size_t copied) {
    copied_ += copied;
    if (copied_ > options_.max_bytes) input_.fail("the pickle repeats its values without end");
  }

  bool push_sequence(const PickleValue* sequence) {
    if (sequence == nullptr) return stack_.push(PickleKind::tuple);
    if (!sequence->is_sequence())
      input_.fail("a sequence in the pickle is none: the file is damaged");
    return stack_.push(PickleKind::tuple, sequence->items);
  }

  // OrderedDict() is filled by SETITEMS later; very old files pass a list of [key, value].
  bool push_ordered_dict(const PickleValue* pairs) {
    stack_.push(PickleKind::dict);
    if (pairs == nullptr) return true;
    for (const PickleValue* pair : pairs->items) {
      if (!pair->is_sequence() || pair->items.size() != 2) {
        input_.fail("an OrderedDict in the pickle is not made of pairs: the file is damaged");
      }
      stack_.extend(PickleKind::dict, pair->items);
    }
    return true;
  }

  detail::PickleInput input_;
  const PickleOptions& options_;
  size_t copied_ = 0;
  detail::PickleStack stack_;
};

PickleDocument read_pickle(std::string_view bytes, const PickleOptions& options) {
  return PickleReader(bytes, options).read();
}

}  // namespace linnet
