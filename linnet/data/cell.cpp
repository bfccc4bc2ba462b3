#include "linnet/data/cell.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

constexpr std::array<std::string_view, 4> kTypeNames = {"boolean", "integer", "number", "text"};

// What pandas 1.5 reads as missing.
constexpr std::array<std::string_view, 17> kMissingWords = {
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",      "NA",  "NULL",    "NaN",      "n/a",  "nan",  "null"};

std::string_view without_sign(std::string_view text) {
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string_view to_string(CellType type) { return kTypeNames.at(static_cast<size_t>(type)); }

CellType cell_type_from_string(std::string_view name) {
  for (size_t i = 0; i < kTypeNames.size(); ++i) {
    if (kTypeNames[i] == name) return static_cast<CellType>(i);
  }
  throw DataError("cell",
                  unknown_name("type of cells", name, {kTypeNames.begin(), kTypeNames.end()}));
}

bool is_missing_text(std::string_view text) {
  text = trim(text);
  if (text.empty()) return true;
  return std::string_view("#-1<Nn").find(text[0]) != std::string_view::npos &&
         std::find(kMissingWords.begin(), kMissingWords.end(), text) != kMissingWords.end();
}

bool is_missing(const Label& cell) {
  if (cell.is_text()) return is_missing_text(cell.text());
  return cell.is_number() && std::isnan(cell.number());
}

std::optional<double> finite_number_in(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return {};
  return value;
}

std::optional<double> number_in(std::string_view text) {
  const auto digits = without_sign(trim(text));
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return {};
  return finite_number_in(text);
}

bool is_integer_text(std::string_view text) {
  const auto digits = without_sign(trim(text));
  return std::all_of(digits.begin(), digits.end(), is_digit);
}

std::optional<bool> bool_in(std::string_view text) {
  const auto word = to_lower(trim(text));
  if (word == "true") return true;
  if (word == "false") return false;
  return {};
}

std::optional<Label> cell_in(std::string_view text, CellType type) {
  if (type == CellType::text) return Label(std::string(is_missing_text(text) ? "" : text));
  const std::optional<Label> cell =
      type == CellType::boolean ? std::optional<Label>(bool_in(text)) : number_in(text);
  return !cell && is_missing_text(text) ? Label("") : cell;
}

std::optional<Label> as_type(const Label& cell, CellType type) {
  if (cell.is_text()) return cell_in(cell.text(), type);
  if (is_missing(cell)) return Label("");
  if (cell.is_list()) return std::nullopt;
  if (type == CellType::text) return Label(cell.text());
  if (type == CellType::boolean ? cell.is_bool() : cell.is_number()) return cell;
  return std::nullopt;
}

}  // namespace linnet
