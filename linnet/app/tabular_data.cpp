#include "linnet/app/tabular_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "linnet/app/data_fields.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/data/splitters/group.h"
#include "linnet/data/splitters/position.h"
#include "linnet/data/splitters/random.h"
#include "linnet/data/splitters/time.h"
#include "linnet/data/table_types.h"
#include "linnet/tabular/rows.h"

namespace linnet {

namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> texts_of(const Request& request, std::string_view name) {
  return request.has(name) ? request.texts(name) : std::vector<std::string>{};
}

std::vector<Field> column_fields() {
  using enum FieldKind;
  return {{.name = "path",
           .kind = path,
           .help = "a CSV file with a header",
           .placeholder = "FILE",
           .positional = true,
           .required_unless = "resume"},
          {.name = "y",
           .kind = list,
           .help = "the column to be predicted; several when all are numbers",
           .placeholder = "COLUMN",
           .required_unless = "resume"},
          {.name = "cat",
           .kind = list,
           .help = "the columns that are categories",
           .preset_note = "with --cont: none; without: texts, and whole numbers of up to 20 values",
           .placeholder = "COLUMN,..."},
          {.name = "cont",
           .kind = list,
           .help = "the columns that are numbers",
           .preset_note = "with --cat: none; without: all other numbers",
           .placeholder = "COLUMN,..."},
          {.name = "skip",
           .kind = list,
           .help = "columns that are left out: what is not known yet when one predicts, a row's "
                   "number, names",
           .preset_note = "none",
           .placeholder = "COLUMN,..."},
          {.name = "date",
           .kind = list,
           .help = "columns of dates, which are taken apart: year, month, day of the week ...",
           .preset_note = "none",
           .placeholder = "COLUMN,..."},
          {.name = "y-as",
           .kind = choice,
           .help = "what is predicted; auto takes numbers as number, else class",
           .preset = "auto",
           .choices = {"auto", "class", "number"}},
          delimiter_field()};
}

Field table_split_field() {
  return {.name = "split",
          .help =
              "who is held out: random, last (of a file in the order of time), time:COLUMN "
              "(the newest), group:COLUMN (nobody on both sides)",
          .preset = "random",
          .placeholder = "HOW"};
}

/** "time:COLUMN": how, and by which column. */
struct SplitText {
  std::string how, column;
};

SplitText split_text(const Request& request) {
  const std::string& text = request.text("split");
  const auto colon = text.find(':');
  SplitText split{.how = text.substr(0, colon),
                  .column = colon == std::string::npos ? "" : text.substr(colon + 1)};
  const bool by_column = split.how == "time" || split.how == "group";
  if (by_column || split.how == "random" || split.how == "last") {
    if (by_column != split.column.empty()) return split;
  }
  throw UsageError(request.job(), fmt::format("--split: got '{}', expected random, last, "
                                              "time:COLUMN or group:COLUMN",
                                              shown_text(text)));
}

Splitter splitter_of(const Request& request, const Table& table) {
  const double share = request.number("valid-pct");
  const auto seed = static_cast<uint64_t>(request.integer("seed"));
  const auto [how, column] = split_text(request);
  if (how == "time") return time_splitter(row_label(table, column), {.valid_pct = share});
  if (how == "group") {
    return group_splitter(row_label(table, column), {.valid_pct = share, .seed = seed});
  }
  if (how == "last") return end_splitter({.valid_pct = share});
  return random_splitter(share, seed);
}

// The inputs: as they are named, or a guess among what is not left out.
void set_columns(TabularLoaderOptions& options, const Request& request, const Table& table) {
  options.cat_names = texts_of(request, "cat");
  options.cont_names = texts_of(request, "cont");
  const auto skipped = texts_of(request, "skip");
  for (const std::string& name : skipped) table[name];  // says what is missing
  if (!options.cat_names.empty() || !options.cont_names.empty()) return;
  auto left_out = request.texts("y");
  left_out.insert(left_out.end(), skipped.begin(), skipped.end());
  const auto guess = cont_cat_split(table, {.dep_var = left_out});
  options.cat_names = guess.cat_names;
  options.cont_names = guess.cont_names;
}

std::optional<Block> target_of(const Request& request) {
  if (request.text("y-as") == "class") return CategoryBlock();
  if (request.text("y-as") == "number") return RegressionBlock();
  return std::nullopt;
}

}  // namespace

std::vector<Field> tabular_data_fields() {
  auto fields = column_fields();
  fields.push_back(table_split_field());
  for (Field& field : held_out_fields("rows")) fields.push_back(std::move(field));
  fields.push_back(seed_field());
  fields.push_back(batch_size_field("rows"));
  return fields;
}

void check_tabular_data(const Request& request) {
  delimiter_of(request);
  split_text(request);
  const auto named = [&](const char* name) {
    return request.has(name) && !request.texts(name).empty();
  };
  if (!named("y")) throw UsageError(request.job(), "--y: say which column is to be predicted");
  if (named("skip") && (named("cat") || named("cont"))) {
    throw UsageError(request.job(),
                     "--skip goes without --cat and --cont: what these do not name "
                     "is left out");
  }
}

TabularDataLoaders load_tabular_data(const Request& request) {
  const char delimiter = delimiter_of(request);
  Table table = Table::from_csv(request.path("path"), {.delimiter = delimiter});
  const auto dates = texts_of(request, "date");
  // By the column itself, which goes when it is taken apart.
  TabularLoaderOptions options;
  options.splitter = splitter_of(request, table);
  for (const std::string& date : dates) table = add_datepart(std::move(table), date);
  options.y_names = request.texts("y");
  set_columns(options, request, table);
  options.y_block = target_of(request);
  if (request.has("test-pct")) options.test_pct = request.number("test-pct");
  options.seed = static_cast<uint64_t>(request.integer("seed"));
  options.bs = request.integer("batch-size");
  auto dls = TabularDataLoaders::from_table(table, options);
  dls.about["dates"] = Json::array(dates);
  dls.about["delimiter"] = std::string(1, delimiter);
  return dls;
}

RowReader::RowReader(const Pipeline& pipeline, const Json& about) : delimiter_(',') {
  if (const Json* dates = about.find("dates")) dates_ = dates->as_strings();
  if (const Json* text = about.find("delimiter"); text != nullptr && !text->as_string().empty()) {
    delimiter_ = text->as_string()[0];
  }
  std::vector<std::string> parts;
  for (const std::string& date : dates_) {
    const Table one({TableColumn(date)});
    for (const auto& part : add_datepart(one, date).names()) parts.push_back(part);
  }
  for (const std::string& name : row_categories(pipeline).row()) {
    if (!contains(parts, name)) names_.push_back(name);
  }
  names_.insert(names_.end(), dates_.begin(), dates_.end());
}

bool RowReader::is_date(const std::string& name) const { return contains(dates_, name); }

Table RowReader::file(const std::filesystem::path& csv) const {
  return read_csv(csv, {.delimiter = delimiter_});
}

Table RowReader::inputs(const Table& rows, const DatepartOptions& options) const {
  Table table = rows.typed({.all_text = true});
  for (const std::string& date : dates_) table = add_datepart(std::move(table), date, options);
  return table;
}

Table RowReader::row(const std::vector<std::pair<std::string, std::string>>& cells) const {
  std::vector<std::string> texts(names_.size()), seen;
  for (const auto& [name, text] : cells) {
    if (contains(seen, name)) {
      throw UsageError("predict", fmt::format("the column '{}' comes twice", shown_text(name)));
    }
    seen.push_back(name);
    texts[detail::place_in(names_, name, "predict")] = text;
  }
  std::vector<TableColumn> columns;
  for (size_t i = 0; i < names_.size(); ++i) {
    columns.emplace_back(names_[i], CellType::text, std::vector<Label>{texts[i]});
  }
  return inputs(Table(std::move(columns)));
}

}  // namespace linnet
