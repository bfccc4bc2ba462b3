#include "linnet/data/blocks/numbers.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/vocab.h"
#include "linnet/data/cell.h"

namespace linnet::detail {

namespace {

double number_of(const Label& label, std::string_view block) {
  if (label.is_number() && std::isfinite(label.number())) return label.number();
  const auto text = label.text();
  const auto value = label.is_bool() ? std::nullopt : finite_number_in(text);
  if (value) return *value;
  throw DataError(block, fmt::format("got '{}', expected a number", shown_text(text)));
}

void collect(const Label& label, std::string_view block, std::vector<float>& numbers) {
  if (!label.is_list()) {
    numbers.push_back(static_cast<float>(number_of(label, block)));
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

Label label_of_numbers(const torch::Tensor& prediction) {
  const auto numbers = prediction.to(torch::kFloat).reshape({-1}).contiguous();
  const auto* values = numbers.data_ptr<float>();
  if (numbers.numel() == 1) return number_label(values[0]);
  std::vector<Label> labels;
  for (int64_t i = 0; i < numbers.numel(); ++i) labels.push_back(number_label(values[i]));
  return Label::list(std::move(labels));
}

Label number_label(float value) {
  if (!std::isfinite(value)) return static_cast<double>(value);
  const auto text = fmt::format("{}", value);
  double shortest = 0;
  std::from_chars(text.data(), text.data() + text.size(), shortest);
  return shortest;
}

}  // namespace linnet::detail
