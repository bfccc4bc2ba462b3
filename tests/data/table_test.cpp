#include "linnet/data/table.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/data/datepart.h"
#include "linnet/data/splitters/group.h"
#include "linnet/data/splitters/time.h"
#include "linnet/data/table_types.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;

Table table_of(std::string_view text) { return Table(parse_csv(text, {}, "shop.csv")); }

TEST(Table, FindsTypesAsPandasDoes) {
  const Table table = table_of(
      "b,i,n,holes,t,zip,nothing\n"
      "True,1,1.5,3,a,007,\n"
      "false,-2,2,,NA,010,\n");
  EXPECT_EQ(table["b"].type, CellType::boolean);
  EXPECT_EQ(table["i"].type, CellType::integer);
  EXPECT_EQ(table["n"].type, CellType::number);
  EXPECT_EQ(table["holes"].type, CellType::number);  // whole numbers with a missing one
  EXPECT_EQ(table["t"].type, CellType::text);
  EXPECT_EQ(table["zip"].type, CellType::text);
  EXPECT_EQ(table["nothing"].type, CellType::number);
  EXPECT_EQ(table["b"].cells[1], Label(false));
  EXPECT_EQ(table["i"].cells[1], Label(-2));
  EXPECT_TRUE(is_missing(table["holes"].cells[1]));
  EXPECT_TRUE(is_missing(table["t"].cells[1]));
  EXPECT_EQ(table.row(0, {"t", "i"}), (std::vector<Label>{"a", 1}));
}

TEST(Table, DropsSpacesBeforeACellUnlessTold) {
  EXPECT_EQ(table_of("a\n Private\n")["a"].cells[0], Label("Private"));
  const Table kept(parse_csv("a\n Private\n"), {.skip_initial_space = false});
  EXPECT_EQ(kept["a"].cells[0], Label(" Private"));
}

TEST(Table, MayStayText) {
  const Table table(parse_csv("n\n7.0\n\"\"\n"), {.all_text = true});
  EXPECT_EQ(table["n"].cells[0], Label("7.0"));
  EXPECT_TRUE(is_missing(table["n"].cells[1]));
}

TEST(Table, ReadsAFileWithAByteOrderMark) {
  const test::TempDir folder;
  test::write_file(folder / "t.csv",
                   "\xef\xbb\xbf"
                   "age,job\r\n39,clerk\r\n");
  const Table table = Table::from_csv(folder / "t.csv");
  EXPECT_EQ(table.names(), (std::vector<std::string>{"age", "job"}));
  EXPECT_EQ(table.line(0), 2);
}

TEST(Table, NamesTheLineOfARaggedRow) {
  expect_error<DataError>([] { table_of("a,b\n1,2\n3\n"); },
                          {"shop.csv", "row 3", "got 1 fields, expected 2"});
}

TEST(Table, RefusesColumnsThatAreNotThereOrComeTwice) {
  expect_error<DataError>([] { table_of("age,job\n1,a\n")["agee"]; },
                          {"shop.csv", "unknown column 'agee'", "age"});
  expect_error<DataError>([] { table_of("age,age\n1,2\n"); }, {"shop.csv", "'age' twice"});
  expect_error<DataError>([] { table_of("age\n1\n").drop("job"); }, {"unknown column 'job'"});
  expect_error<UsageError>(
      [] {
        Table table = table_of("age\n1\n");
        table.set({.name = "job", .type = CellType::text, .cells = {"a", "b"}});
      },
      {"column 'job': got 2 cells, expected 1"});
  expect_error<UsageError>([] { Table(std::vector<TableColumn>()); }, {"[Table] got no columns"});
}

TEST(Table, GivesItsRowsToSplitters) {
  const Table table = table_of("day,shop\n2024-05-02,a\n2024-05-03,b\n2024-05-01,a\n");
  const auto by_time =
      time_splitter(row_label(table, "day"), {.valid_pct = 0.34})(row_items(table));
  EXPECT_EQ(by_time.valid, std::vector<int64_t>{1});
  const auto by_shop = group_splitter(row_label(table, "shop"), {.seed = 1})(row_items(table));
  EXPECT_EQ(by_shop.train.size() + by_shop.valid.size(), 3U);
  EXPECT_EQ(by_shop.valid.size() == 1, by_shop.valid[0] == 1);

  const Table holed = table_of("day,n\n2024-05-02,1\n,2\n");
  expect_error<DataError>([&] { time_splitter(row_label(holed, "day"))(row_items(holed)); },
                          {"shop.csv", "row 3", "column 'day' has no value in this row"});
}

TEST(Table, NamesTheLineOfAMissingCellAfterCellsWithLineBreaks) {
  const Table holed = table_of("day,note\n2024-05-02,\"one\ntwo\nthree\"\n,b\n");
  expect_error<DataError>([&] { row_label(holed, "day")(row_items(holed)[1]); },
                          {"shop.csv", "row 5", "column 'day' has no value in this row"});
}

TEST(AddDatepart, NamesTheCellThatIsNoDate) {
  expect_error<DataError>(
      [] { add_datepart(table_of("n,date\n1,2024-02-29\n2,2023-02-29\n"), "date"); },
      {"shop.csv", "row 3", "column 'date': got '2023-02-29', expected a date"});
  expect_error<DataError>([] { add_datepart(table_of("n\n1\n"), "day"); },
                          {"unknown column 'day'"});
}

TEST(AddDatepart, ReadsDatesWrittenAsNumbers) {
  const Table table = add_datepart(table_of("saledate\n20240501\n"), "saledate");
  EXPECT_EQ(table["saleMonth"].cells[0], Label(5));
}

TEST(ContCatSplit, RefusesATargetThatIsNoColumn) {
  expect_error<DataError>([] { cont_cat_split(table_of("age\n1\n"), {.dep_var = {"pay"}}); },
                          {"unknown column 'pay'"});
}

TEST(DfShrinkDtypes, CanUseUnsignedTypesAndLeaveColumns) {
  const Table table = table_of("a,b,c\n200,-1,x\n0,5,y\n");
  const auto types = df_shrink_dtypes(table, {.skip = {"b"}, .obj2cat = false, .int2uint = true});
  EXPECT_EQ(types, (std::vector<std::pair<std::string, std::string>>{{"a", "uint8"}}));
}

}  // namespace
}  // namespace linnet
