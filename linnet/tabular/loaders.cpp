#include "linnet/tabular/loaders.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/data/data_block.h"
#include "linnet/data/loader_parts.h"
#include "linnet/data/splitters/position.h"
#include "linnet/data/splitters/random.h"
#include "linnet/data/table_types.h"
#include "linnet/tabular/fit_rows.h"
#include "linnet/tabular/rows.h"

namespace linnet {

namespace {

constexpr const char* kLoadersWhere = "TabularDataLoaders";

/** The inputs' names, given or guessed; the target is none of them. */
ContCatNames input_names(const Table& table, const TabularLoaderOptions& options) {
  if (options.cat_names.empty() && options.cont_names.empty())
    return cont_cat_split(table, {.dep_var = options.y_names});
  const ContCatNames inputs{.cont_names = options.cont_names.names_in(table),
                            .cat_names = options.cat_names.names_in(table)};
  for (const std::string& target : options.y_names.names_in(table)) {
    for (const auto* names : {&inputs.cat_names, &inputs.cont_names}) {
      if (std::find(names->begin(), names->end(), target) == names->end()) continue;
      throw UsageError(kLoadersWhere,
                       fmt::format("'{}' is the target and among the inputs: the model "
                                   "would be told the answer",
                                   target));
    }
  }
  return inputs;
}

Splitter splitter_for(const TabularLoaderOptions& options, const std::filesystem::path& file) {
  if (options.valid_idx && options.splitter) {
    throw UsageError(kLoadersWhere, "got valid_idx and a splitter, expected one of them");
  }
  Splitter split = options.splitter;
  if (options.valid_idx) split = index_splitter(*options.valid_idx);
  if (!split) {
    detail::check_fraction(options.valid_pct, "valid_pct", kLoadersWhere);
    split = random_splitter(options.valid_pct, options.seed);
  }
  return detail::with_test_part(
      split,
      {.where = kLoadersWhere, .data = file, .test_pct = options.test_pct, .seed = options.seed});
}

/** What is predicted: columns, and what the cells of each are. */
struct Targets {
  std::vector<std::string> names;
  std::vector<CellType> types;
};

Targets targets_of(const Table& table, const Columns& columns) {
  Targets targets{.names = columns.names_in(table), .types = {}};
  for (const std::string& name : targets.names) targets.types.push_back(table[name].type());
  return targets;
}

// Of a table whose cells may all be texts, as the columns were in training.
Targets targets_of(const DataLoaders& dls) {
  const Json* names = dls.about.find("y_names");
  const Json* types = dls.about.find("y_types");
  if (names == nullptr || types == nullptr) {
    throw UsageError("tabular_test_dl", "these loaders name no target");
  }
  Targets targets{.names = names->as_strings(), .types = {}};
  for (const auto& type : types->as_strings()) {
    targets.types.push_back(cell_type_from_string(type));
  }
  return targets;
}

/** A row's target: a cell, or several as a list; DataError when one is missing, or is none of its
 * type. */
Label target_of(const Table& table, const Targets& targets, int64_t row) {
  auto cells = table.row(row, targets.names);
  for (size_t i = 0; i < cells.size(); ++i) {
    if (is_missing(cells[i])) {
      throw DataError(kLoadersWhere, table.path(),
                      fmt::format("column '{}', the target, has no value in this row: leave the "
                                  "row out, or give it one",
                                  targets.names[i]),
                      table.line(row));
    }
    const auto cell = as_type(cells[i], targets.types.at(i));
    if (!cell) {
      throw DataError(
          kLoadersWhere, table.path(),
          fmt::format("column '{}', the target: got '{}', expected a {} as in training",
                      targets.names[i], shown_text(cells[i].text()), to_string(targets.types[i])),
          table.line(row));
    }
    cells[i] = *cell;
  }
  return cells.size() == 1 ? cells[0] : Label::list(std::move(cells));
}

bool all_numbers(const std::vector<CellType>& types) {
  return std::all_of(types.begin(), types.end(), [](CellType type) {
    return type == CellType::integer || type == CellType::number;
  });
}

Block target_block(const Targets& targets, const TabularLoaderOptions& options) {
  if (options.y_block) return *options.y_block;
  if (all_numbers(targets.types)) return RegressionBlock();
  if (targets.names.size() > 1) {
    throw UsageError(kLoadersWhere,
                     fmt::format("y_names {} are not all numbers: several targets must be",
                                 join(targets.names, ", ")));
  }
  return CategoryBlock();
}

// The classes are found as the categories of a column are: texts in the whole table, else in what
// trains, as a DataBlock does.
Block whole_target(const Table& table, const Targets& targets, const TabularLoaderOptions& options,
                   const std::vector<int64_t>& used) {
  Block block = target_block(targets, options);
  if (!options.whole_vocab || targets.types[0] != CellType::text) return block;
  std::vector<Value> all;
  for (const int64_t row : used) all.emplace_back(target_of(table, targets, row));
  return block.setup(all);
}

void check_classes(const Table& table, const Block& target) {
  const auto vocab = target->vocab();
  if (target->kind() != Kind::category || vocab.size() >= 2) return;
  throw DataError(kLoadersWhere, table.path(),
                  fmt::format("all rows have one class, '{}': there is nothing to learn",
                              vocab.empty() ? "" : shown_text(vocab[0].text())));
}

Json described(const Table& table, const Targets& targets, const ContCatNames& inputs) {
  Json types(Json::Array{});
  for (const CellType type : targets.types) types.push_back(to_string(type));
  return Json{{"rows", table.rows()},
              {"y_names", Json::array(targets.names)},
              {"y_types", types},
              {"cat_names", Json::array(inputs.cat_names)},
              {"cont_names", Json::array(inputs.cont_names)}};
}

}  // namespace

TabularDataLoaders TabularDataLoaders::from_csv(const std::filesystem::path& csv,
                                                const TabularLoaderOptions& options) {
  return from_table(Table::from_csv(csv, options.table), options);
}

TabularDataLoaders TabularDataLoaders::from_table(const Table& table,
                                                  const TabularLoaderOptions& options) {
  if (options.y_names.empty())
    throw UsageError(kLoadersWhere, "y_names: say which column is to be predicted");
  const ContCatNames inputs = input_names(table, options);
  const Targets targets = targets_of(table, options.y_names);
  if (table.rows() == 0) throw DataError(kLoadersWhere, table.path(), "has no rows");
  const Splitter splitter = splitter_for(options, table.path());
  const Items items = row_items(table);
  const SplitIndices split = splitter(items);
  FittedRows fitted = fit_rows(table, split.train,
                               {.cat_names = inputs.cat_names,
                                .cont_names = inputs.cont_names,
                                .procs = options.procs,
                                .whole_vocab = options.whole_vocab});
  const auto cells = [&, columns = Columns(fitted.numbers.row)](const Item& item) {
    return Value(Label::list(table.row(item.position(), columns)));
  };
  const auto target = [&](const Item& item) { return target_of(table, targets, item.position()); };
  const DataBlock block(
      {.blocks = {RowCategoriesBlock(std::move(fitted.categories)),
                  RowNumbersBlock(std::move(fitted.numbers)),
                  whole_target(table, targets, options, detail::joined(split))},
       .splitter = {[&](const Items&) { return SplitIndices(split); }, splitter.config()},
       .getters = {cells, cells, target},
       .n_inp = 2});
  DataLoaders loaders = block.dataloaders(
      items,
      {.bs = options.bs, .seed = options.seed, .workers = options.workers, .path = table.path()});
  check_classes(table, loaders.pipeline().target());
  loaders.about.merge(described(table, targets, inputs));
  return {std::move(loaders), split};
}

std::shared_ptr<const DataLoader> tabular_test_dl(const DataLoaders& dls, const Table& table,
                                                  const TabularTestOptions& options) {
  const Pipeline& pipeline = dls.pipeline();
  const RowNumbersBlock& numbers = row_numbers(pipeline);
  const Targets targets = options.with_labels ? targets_of(dls) : Targets();
  std::vector<Dataset::Sources> rows;
  for (int64_t row = 0; row < table.rows(); ++row) {
    const Value source = row_source(pipeline, table, row);
    const auto fault = numbers.fault_of(source);
    if (!fault.empty()) throw DataError("tabular_test_dl", table.path(), fault, table.line(row));
    rows.push_back({source, source});
    if (options.with_labels) rows.back().emplace_back(target_of(table, targets, row));
  }
  if (rows.empty()) throw DataError("tabular_test_dl", table.path(), "has no rows");
  return dls.test_dl(Dataset(std::move(rows), row_items(table)), {.bs = options.bs});
}

}  // namespace linnet
