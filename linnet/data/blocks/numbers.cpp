#include "linnet/data/blocks/numbers.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/vocab.h"

namespace linnet::detail {

namespace {

double number_in(const Label& label, std::string_view block) {
  if (label.is_number() && std::isfinite(label.number())) return label.number();
  const auto text = label.text();
  const auto word = trim(text);
  double value = 0;
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool whole = failure == std::errc() && end == word.data() + word.size();
  if (!label.is_bool() && whole && std::isfinite(value)) return value;
  throw DataError(block, fmt::format("got '{}', expected a number", shown_text(text)));
}

void collect(const Label& label, std::string_view block, std::vector<float>& numbers) {
  if (!label.is_list()) {
    numbers.push_back(static_cast<float>(number_in(label, block)));
    return;
  }
  for (const Label& part : label.labels()) collect(part, block, numbers);
}

}  // namespace

std::vector<float> numbers_of(const Value& source, std::string_view block) {
  std::vector<float> numbers;
  collect(label_of(source, block), block, numbers);
  return numbers;
}

Label number_label(float value) {
  if (!std::isfinite(value)) return static_cast<double>(value);
  const auto text = fmt::format("{}", value);
  double shortest = 0;
  std::from_chars(text.data(), text.data() + text.size(), shortest);
  return shortest;
}

}  // namespace linnet::detail
