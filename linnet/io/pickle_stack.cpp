#include "linnet/io/pickle_stack.h"

#include <fmt/format.h>

#include <utility>

namespace linnet::detail {

bool PickleStack::push(PickleKind kind, Items items) {
  if (document_.values_.size() >= options_.max_values) {
    input_.fail(fmt::format("the pickle holds over {} values", options_.max_values));
  }
  PickleValue& value = document_.values_.emplace_back();
  value.kind = kind;
  value.items = std::move(items);
  stack_.push_back(&value);
  return true;
}

bool PickleStack::push_integer(PickleKind kind, int64_t integer) {
  push(kind);
  stack_.back()->integer = integer;
  return true;
}

bool PickleStack::push_number(double number) {
  push(PickleKind::number);
  stack_.back()->number = number;
  return true;
}

bool PickleStack::push_text(PickleKind kind, std::string_view text) {
  push(kind);
  stack_.back()->text = text;
  return true;
}

bool PickleStack::push_tuple(size_t count) {
  Items items(count);
  for (size_t i = count; i-- > 0;) items[i] = pop();
  return push(PickleKind::tuple, std::move(items));
}

bool PickleStack::push_record(std::string_view name, const Items& arguments) {
  push(PickleKind::record, arguments);
  stack_.back()->text = name;
  return true;
}

bool PickleStack::push_top_again() {
  stack_.push_back(top());
  return true;
}

PickleStack::Value PickleStack::top() const {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
    input_.fail("the pickle takes more values than it made: the file is damaged");
  }
  return stack_.back();
}

PickleStack::Value PickleStack::pop() {
  const Value value = top();
  stack_.pop_back();
  return value;
}

bool PickleStack::mark() {
  marks_.push_back(stack_.size());
  return true;
}

PickleStack::Items PickleStack::pop_to_mark() {
  if (marks_.empty()) input_.fail("the pickle lacks a mark: the file is damaged");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  Items items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return items;
}

bool PickleStack::extend(PickleKind kind, const Items& items) {
  const Value target = top();
  if (!target->is(kind) || (kind == PickleKind::dict && items.size() % 2 != 0)) {
    input_.fail("the pickle adds to what is no container: the file is damaged");
  }
  target->items.insert(target->items.end(), items.begin(), items.end());
  return true;
}

bool PickleStack::remember(uint64_t index) {
  if (index >= options_.max_values) {
    input_.fail(fmt::format("the pickle remembers over {} values", options_.max_values));
  }
  if (index >= memo_.size()) memo_.resize(index + 1, nullptr);
  memo_[index] = top();
  return true;
}

bool PickleStack::recall(uint64_t index) {
  if (index >= memo_.size() || memo_[index] == nullptr) {
    input_.fail("the pickle recalls a value it never made: the file is damaged");
  }
  stack_.push_back(memo_[index]);
  return true;
}

PickleDocument PickleStack::finish() {
  document_.root_ = pop();
  document_.size_in_bytes_ = input_.position();
  return std::move(document_);
}

}  // namespace linnet::detail
