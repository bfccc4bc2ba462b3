#include "linnet/app/collab_data.h"

#include <algorithm>

#include "linnet/app/data_fields.h"
#include "linnet/core/error.h"
#include "linnet/data/cell.h"

namespace linnet {

namespace {

std::vector<Field> column_fields() {
  using enum FieldKind;
  return {{.name = "path",
           .kind = path,
           .help = "a CSV file of ratings, one a row",
           .placeholder = "FILE",
           .positional = true,
           .required_unless = "resume"},
          {.name = "user",
           .help = "the column that says who",
           .preset_note = "the first",
           .placeholder = "COLUMN"},
          {.name = "item",
           .help = "the column that says what",
           .preset_note = "the second",
           .placeholder = "COLUMN"},
          {.name = "rating",
           .help = "the column of the ratings, numbers",
           .preset_note = "the third",
           .placeholder = "COLUMN"},
          delimiter_field(),
          {.name = "no-header",
           .kind = flag,
           .help = "the first row is a rating already; columns are called 0, 1, 2 ..."},
          {.name = "repeated",
           .kind = choice,
           .help = "of ratings that a user gave the same item more than once: keep all, take the "
                   "last, or refuse the file",
           .preset = "keep",
           .choices = repeated_names()}};
}

}  // namespace

std::vector<Field> collab_data_fields() {
  auto fields = column_fields();
  for (Field& field : held_out_fields("ratings")) fields.push_back(std::move(field));
  fields.push_back(seed_field());
  fields.push_back(batch_size_field("ratings"));
  return fields;
}

void check_collab_data(const Request& request) {
  delimiter_of(request);
  const auto file = request.path("path");
  if (std::filesystem::is_regular_file(file)) return;
  throw DataError(request.job(), file,
                  std::filesystem::exists(file) ? "is no file. Give a CSV file of ratings."
                                                : "there is no such file. Check the path.");
}

CollabDataLoaders load_collab_data(const Request& request, Reporter& reporter) {
  CollabLoaderOptions options;
  if (request.has("user")) options.user_name = request.text("user");
  if (request.has("item")) options.item_name = request.text("item");
  if (request.has("rating")) options.rating_name = request.text("rating");
  options.csv = {.delimiter = delimiter_of(request), .has_header = !request.flag("no-header")};
  options.repeated = repeated_named(request.text("repeated"));
  options.valid_pct = request.number("valid-pct");
  if (request.has("test-pct")) options.test_pct = request.number("test-pct");
  options.seed = static_cast<uint64_t>(request.integer("seed"));
  options.bs = request.integer("batch-size");
  options.reporter = &reporter;
  return CollabDataLoaders::from_csv(request.path("path"), options);
}

CollabLoaderOptions collab_options_of(const Json& about) {
  const Json& columns = about.at("columns");
  CollabLoaderOptions options;
  options.user_name = columns.at("user").as_string();
  options.item_name = columns.at("item").as_string();
  options.rating_name = columns.at("rating").as_string();
  options.csv = {.delimiter = columns.at("delimiter").as_string().at(0),
                 .has_header = columns.at("header").as_bool()};
  options.repeated = repeated_named(about.at("repeated").as_string());
  options.reporter = &silent_reporter();
  return options;
}

std::string column_of(const Learner& learn, Side side) {
  const std::string plain = side == Side::user ? "user" : "item";
  const Json* columns = learn.dls().about.find("columns");
  return columns != nullptr ? columns->at(plain).as_string() : plain;
}

Label label_in(const Learner& learn, Side side, const std::string& text) {
  const auto& known = detail::labels_of(learn, side, "predict");  // #na#, then all in order
  // Numbers come before texts.
  const bool numbers = known.size() > 1 && known[1].is_number();
  const auto value = numbers ? number_in(text) : std::nullopt;
  return value ? Label(*value) : Label(text);
}

}  // namespace linnet
