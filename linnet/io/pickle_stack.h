#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "linnet/io/pickle.h"
#include "linnet/io/pickle_input.h"

namespace linnet::detail {

/** What the pickle machine works on: the values made so far, a stack of them, marks on the stack,
 * and a memo. What a sound pickle never does is a DataError. What carries an opcode out returns
 * true, so that a switch over opcodes reads as a table.
 */
class PickleStack {
 public:
  using Value = PickleValue*;
  using Items = std::vector<const PickleValue*>;

  PickleStack(const PickleInput& input, const PickleOptions& options)
      : input_(input), options_(options) {}

  bool push(PickleKind kind, Items items = {});
  bool push_integer(PickleKind kind, int64_t integer);
  bool push_number(double number);
  bool push_text(PickleKind kind, std::string_view text);
  /** A tuple of the last `count` values. */
  bool push_tuple(size_t count);
  bool push_record(std::string_view name, const Items& arguments);
  bool push_top_again();

  Value top() const;
  Value pop();
  bool mark();
  /** Everything above the last mark, which goes. */
  Items pop_to_mark();
  /** Adds to the container of that kind on top of the stack. */
  bool extend(PickleKind kind, const Items& items);

  bool remember(uint64_t index);
  bool remember_next() { return remember(memo_.size()); }
  bool recall(uint64_t index);

  /** The document, whose root is the value on top of the stack. */
  PickleDocument finish();

 private:
  const PickleInput& input_;
  const PickleOptions& options_;
  PickleDocument document_;
  std::vector<Value> stack_;
  std::vector<size_t> marks_;
  std::vector<Value> memo_;
};

}  // namespace linnet::detail
