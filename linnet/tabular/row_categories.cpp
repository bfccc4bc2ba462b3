#include "linnet/tabular/row_categories.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/vocab.h"

namespace linnet {

namespace {

constexpr const char* kRowCategoriesWhere = "RowCategoriesBlock";

}  // namespace

namespace detail {

const std::vector<Label>& cells_of(const Value& source, const std::vector<std::string>& names,
                                   const char* block) {
  const auto* row = std::get_if<Label>(&source);
  if (row == nullptr || !row->is_list()) {
    throw UsageError(block,
                     "got no row of a table: give its cells as Label::list, or call "
                     "predict_row");
  }
  const auto& cells = row->labels();
  if (cells.size() == names.size()) return cells;
  throw UsageError(block, fmt::format("got a row of {} cells, expected {}: {}", cells.size(),
                                      names.size(), join(names, ", ")));
}

size_t place_in(const std::vector<std::string>& names, const std::string& name, const char* block) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  throw UsageError(block, unknown_name("column", name, names));
}

}  // namespace detail

Label CategoryColumn::value(int64_t code) const {
  return code == 0 ? Label("#na#") : vocab.at(static_cast<size_t>(code - 1));
}

RowCategoriesBlock::RowCategoriesBlock(RowCategories parts) : parts_(std::move(parts)) {
  for (const CategoryColumn& column : parts_.columns) {
    const auto& cell = column.missing_of.empty() ? column.name : column.missing_of;
    places_.push_back(detail::place_in(parts_.row, cell, kRowCategoriesWhere));
    auto codes = detail::index_of(column.vocab);
    for (auto& [label, code] : codes) ++code;
    codes_.push_back(std::move(codes));
  }
}

Json RowCategoriesBlock::config() const {
  Json columns(Json::Array{});
  for (const CategoryColumn& column : parts_.columns) {
    Json entry{{"name", column.name},
               {"type", to_string(column.type)},
               {"vocab", detail::to_json(column.vocab)}};
    if (!column.missing_of.empty()) entry["missing_of"] = column.missing_of;
    columns.push_back(std::move(entry));
  }
  return Json{{"row", Json::array(parts_.row)}, {"columns", columns}};
}

int64_t RowCategoriesBlock::code(size_t column, const std::vector<Label>& cells) const {
  const Label& cell = cells[places_[column]];
  if (!parts_.columns[column].missing_of.empty()) {
    return codes_[column].at(Label(is_missing(cell)));
  }
  const auto value = as_type(cell, parts_.columns[column].type);
  if (!value) return 0;
  const auto found = codes_[column].find(*value);
  return found == codes_[column].end() ? 0 : found->second;
}

Value RowCategoriesBlock::encode(const Value& source) const {
  const auto& cells = detail::cells_of(source, parts_.row, kRowCategoriesWhere);
  auto codes = torch::empty({static_cast<int64_t>(parts_.columns.size())}, torch::kLong);
  auto* values = codes.data_ptr<int64_t>();
  for (size_t i = 0; i < parts_.columns.size(); ++i) values[i] = code(i, cells);
  return codes;
}

std::vector<std::string> RowCategoriesBlock::unknown_in(const Value& source) const {
  const auto& cells = detail::cells_of(source, parts_.row, kRowCategoriesWhere);
  std::vector<std::string> unknown;
  for (size_t i = 0; i < parts_.columns.size(); ++i) {
    if (!is_missing(cells[places_[i]]) && code(i, cells) == 0) {
      unknown.push_back(parts_.columns[i].name);
    }
  }
  return unknown;
}

const Registered<BlockEntry> row_categories_entry{
    {"row_categories", [](const Json& config) -> Block {
       RowCategories parts{.row = config.at("row").as_strings(), .columns = {}};
       for (const Json& entry : config.at("columns").as_array()) {
         const Json* missing_of = entry.find("missing_of");
         parts.columns.push_back(
             {.name = entry.at("name").as_string(),
              .type = cell_type_from_string(entry.at("type").as_string()),
              .vocab = detail::labels_from_json(entry.at("vocab")),
              .missing_of = missing_of != nullptr ? missing_of->as_string() : std::string()});
       }
       return RowCategoriesBlock(std::move(parts));
     }}};

}  // namespace linnet
