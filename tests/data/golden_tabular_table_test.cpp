#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "linnet/data/datepart.h"
#include "linnet/data/table_types.h"
#include "support/golden.h"
#include "support/golden_table.h"

// What fastai does to tables before any training.
namespace linnet {
namespace {

using test::Golden;
using test::golden_table;

class GoldenTabularTable : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("tabular"); }
  std::optional<Golden> golden_;
};

TEST_F(GoldenTabularTable, ContCatSplit) {
  const Table table = golden_table(golden_->file().at("columns"));
  for (const Json* c : golden_->cases("cont_cat_split_")) {
    SCOPED_TRACE(c->at("name").as_string());
    const Json& inputs = c->at("inputs");
    const auto [cont, cat] = cont_cat_split(table, {.max_card = inputs.at("max_card").as_int(),
                                                    .dep_var = inputs.at("dep_var").as_strings()});
    EXPECT_EQ(cont, c->at("expected").at("cont").as_strings());
    EXPECT_EQ(cat, c->at("expected").at("cat").as_strings());
  }
}

DatepartOptions datepart_options(const Json& inputs) {
  DatepartOptions options;
  const Json* given = inputs.find("kwargs");
  if (given == nullptr) return options;
  if (const Json* prefix = given->find("prefix"); prefix != nullptr && prefix->is_string()) {
    options.prefix = prefix->as_string();
  }
  if (const Json* drop = given->find("drop")) options.drop = drop->as_bool();
  if (const Json* time = given->find("time")) options.time = time->as_bool();
  return options;
}

void expect_cell(const Label& cell, const Json& expected) {
  if (expected.is_null()) {
    EXPECT_TRUE(is_missing(cell)) << cell;
  } else if (expected.is_number()) {
    EXPECT_EQ(cell.number(), expected.as_double());
  } else {
    EXPECT_EQ(cell, Label::from_json(expected));
  }
}

TEST_F(GoldenTabularTable, AddDatepart) {
  for (const Json* c : golden_->cases("add_datepart_")) {
    SCOPED_TRACE(c->at("name").as_string());
    const Json& inputs = c->at("inputs");
    const auto& field = inputs.at("field").as_string();
    const Table dates = golden_table(Json{{field, inputs.at("values")}});
    const Table table = add_datepart(dates, field, datepart_options(inputs));
    EXPECT_EQ(table.names(), c->at("expected").at("columns").as_strings());
    for (const auto& [name, cells] : c->at("expected").at("values").as_object()) {
      SCOPED_TRACE(name);
      for (size_t row = 0; row < cells.as_array().size(); ++row) {
        expect_cell(table[name][static_cast<int64_t>(row)], cells.as_array()[row]);
      }
    }
  }
}

TEST_F(GoldenTabularTable, DfShrinkDtypes) {
  for (const Json* c : golden_->cases("df_shrink_dtypes")) {
    const auto types = df_shrink_dtypes(golden_table(c->at("inputs").at("columns")));
    std::map<std::string, std::string> wanted;
    for (const auto& [name, type] : c->at("expected").as_object()) wanted[name] = type.as_string();
    EXPECT_EQ((std::map<std::string, std::string>(types.begin(), types.end())), wanted);
  }
}

}  // namespace
}  // namespace linnet
