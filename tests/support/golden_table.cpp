#include "support/golden_table.h"

#include <algorithm>

namespace linnet::test {

namespace {

CellType type_of(const Json::Array& cells) {
  const auto all = [&](auto is) {
    return std::all_of(cells.begin(), cells.end(),
                       [&](const Json& cell) { return cell.is_null() || is(cell); });
  };
  const bool missing =
      std::any_of(cells.begin(), cells.end(), [](const Json& cell) { return cell.is_null(); });
  if (all([](const Json& cell) { return cell.is_bool(); })) return CellType::boolean;
  if (all([](const Json& cell) { return cell.is_int(); }) && !missing) return CellType::integer;
  return all([](const Json& cell) { return cell.is_number(); }) ? CellType::number : CellType::text;
}

// "FillMissing(add_col=False)" and the case's own arguments.
Proc proc_in(const std::string& text, const Json& inputs) {
  if (text.starts_with("Categorify")) return procs::Categorify();
  if (text.starts_with("Normalize")) return procs::Normalize();
  procs::FillMissing fill;
  fill.add_col = text.find("add_col=False") == std::string::npos;
  const Json* strategy = inputs.find("fill_strategy");
  if (strategy != nullptr && *strategy == Json("mode")) {
    fill.fill_strategy = procs::FillStrategy::mode;
  } else if (strategy != nullptr && *strategy == Json("constant")) {
    fill.fill_strategy = procs::FillStrategy::constant;
  }
  const Json* values = inputs.find("fill_vals");
  if (values == nullptr || !values->is_object()) return fill;
  for (const auto& [name, value] : values->as_object()) fill.fill_vals[name] = value.as_double();
  return fill;
}

}  // namespace

Table golden_table(const Json& columns) {
  std::vector<TableColumn> table;
  for (const auto& [name, json] : columns.as_object()) {
    std::vector<Label> column;
    for (const Json& cell : json.as_array()) {
      column.push_back(cell.is_null() ? Label("") : Label::from_json(cell));
    }
    table.emplace_back(name, type_of(json.as_array()), column);
  }
  return Table(std::move(table));
}

TabularLoaderOptions golden_procs_options(const Golden& golden, const Json& inputs) {
  const auto names = [&](const char* key) {
    const Json* own = inputs.find(key);
    return (own != nullptr ? *own : golden.file().at(key)).as_strings();
  };
  TabularLoaderOptions options;
  if (const Json* given = inputs.find("procs")) {
    options.procs.clear();
    for (const auto& text : given->as_strings()) options.procs.push_back(proc_in(text, inputs));
  }
  options.cat_names = names("cat_names");
  options.cont_names = names("cont_names");
  const Json* target = inputs.find("y");
  options.y_names = target != nullptr ? target->as_string() : std::string("y_cls");
  const Json* reduce = inputs.find("reduce_memory");
  options.whole_vocab = reduce == nullptr || reduce->as_bool();
  options.splitter =
      Splitter([train = golden.file().at("train_idx").as_ints(),
                valid = golden.file().at("valid_idx").as_ints()](const Items&) -> SplitIndices {
        return {.train = train, .valid = valid};
      });
  options.seed = 1;
  if (const Json* bs = inputs.find("bs")) options.bs = bs->as_int();
  return options;
}

TabularDataLoaders golden_procs_loaders(const Golden& golden, const Json& inputs) {
  return TabularDataLoaders::from_table(golden_table(golden.file().at("columns")),
                                        golden_procs_options(golden, inputs));
}

}  // namespace linnet::test
