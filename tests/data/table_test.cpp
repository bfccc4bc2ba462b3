#include "linnet/data/table.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/data/col_reader.h"
#include "linnet/data/datepart.h"
#include "linnet/data/splitters/group.h"
#include "linnet/data/splitters/time.h"
#include "linnet/data/table_types.h"
#include "support/expect_error.h"
#include "support/shared.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;

Table table_of(std::string_view text) { return Table(CsvReader(text, {}, "shop.csv")).typed(); }

TEST(Table, FindsTypesAsPandasDoes) {
  const Table table = table_of(
      "b,i,n,holes,t,zip,nothing\n"
      "True,1,1.5,3,a,007,\n"
      "false,-2,2,,NA,010,\n");
  EXPECT_EQ(table["b"].type(), CellType::boolean);
  EXPECT_EQ(table["i"].type(), CellType::integer);
  EXPECT_EQ(table["n"].type(), CellType::number);
  EXPECT_EQ(table["holes"].type(), CellType::number);  // whole numbers with a missing one
  EXPECT_EQ(table["t"].type(), CellType::text);
  EXPECT_EQ(table["zip"].type(), CellType::text);
  EXPECT_EQ(table["nothing"].type(), CellType::number);
  EXPECT_EQ(table["b"][1], Label(false));
  EXPECT_EQ(table["i"][1], Label(-2));
  EXPECT_TRUE(is_missing(table["holes"][1]));
  EXPECT_TRUE(is_missing(table["t"][1]));
  EXPECT_EQ(table.row(0, {"t", "i"}), (std::vector<Label>{"a", 1}));
}

TEST(Table, DropsSpacesBeforeACellUnlessTold) {
  EXPECT_EQ(table_of("a\n Private\n")["a"][0], Label("Private"));
  const Table kept = Table(CsvReader("a\n Private\n")).typed({.skip_initial_space = false});
  EXPECT_EQ(kept["a"][0], Label(" Private"));
}

TEST(Table, MayStayText) {
  const Table table = Table(CsvReader("n\n7.0\n\"\"\n")).typed({.all_text = true});
  EXPECT_EQ(table["n"][0], Label("7.0"));
  EXPECT_TRUE(is_missing(table["n"][1]));
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
        table.set({"job", CellType::text, {"a", "b"}});
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

using Texts = std::vector<std::string>;

TEST(Table, KeepsTheTextOfEachCell) {
  const Table table = table_of("n,open,zip\n7.0,TRUE,007\n +2, false,NA\n,,\n");
  EXPECT_EQ(table["n"].type(), CellType::number);
  EXPECT_EQ(table["n"][0], Label(7));
  EXPECT_EQ(table["n"][1], Label(2));
  EXPECT_EQ(table.texts(0), (Texts{"7.0", "TRUE", "007"}));
  EXPECT_EQ(table.texts(1), (Texts{" +2", " false", "NA"}));
  EXPECT_EQ(table.texts(2), (Texts{"", "", ""}));
  EXPECT_THROW(table["n"].text(3), std::out_of_range);
  EXPECT_THROW(table["n"][-1], std::out_of_range);
}

TEST(Table, OfACsvFileIsTextsUntilItIsTyped) {
  const Table texts = Table(CsvReader("n,note\n1, a\n", {}, "shop.csv"));
  EXPECT_EQ(texts["n"].type(), CellType::text);
  EXPECT_EQ(texts["n"][0], Label("1"));
  EXPECT_EQ(texts["note"][0], Label(" a"));
  EXPECT_EQ(texts.typed()["n"][0], Label(1));
  EXPECT_EQ(texts.typed()["note"][0], Label("a"));
}

TEST(Table, FindsColumnsByNameOrPosition) {
  const Table table = table_of("name,label\na.jpg,cat\n");
  EXPECT_EQ(table["label"][0], Label("cat"));
  EXPECT_EQ(table[1].name(), "label");
  EXPECT_EQ(Columns({1, "name"}).names_in(table), (Texts{"label", "name"}));
  EXPECT_EQ(Columns(Texts{"name"}).names_in(table), Texts{"name"});
  EXPECT_TRUE(Columns().empty());
  expect_error<DataError>([&] { table[2]; },
                          {"shop.csv", "got column 2, expected 0 to 1: the table has 2 column(s)"});
  expect_error<DataError>([&] { table[-1]; }, {"got column -1"});
  expect_error<DataError>(
      [&] {
        Columns({"name", "labels"}).names_in(table);
      },
      {"shop.csv", "unknown column 'labels'", "label"});
  // Without types a name may come twice: the first one is found.
  EXPECT_EQ(Table(CsvReader("a,a\n1,2\n"))["a"].text(0), "1");
}

TEST(Table, KeepsValuesToTheLastBit) {
  const std::vector<Label> numbers = {0.1 + 0.2, -0.0, 1e300, 5e-324, 1714521600, ""};
  const Table table({TableColumn("n", CellType::number, numbers),
                     TableColumn("b", CellType::boolean, {true, false, true, false, true, ""}),
                     TableColumn("t", CellType::text, {"007", " a", "1", "", "#na#", "True"})});
  EXPECT_EQ(table["n"].cells(), numbers);
  EXPECT_EQ(table["b"][1], Label(false));
  EXPECT_TRUE(is_missing(table["b"][5]));
  EXPECT_EQ(table.row(1, {"t", "b"}), (std::vector<Label>{" a", false}));
  EXPECT_EQ(table["t"][2], Label("1"));
  EXPECT_EQ(table.line(5), 6);
  expect_error<UsageError>(
      [] {
        TableColumn("n", CellType::number, {1, "many"});
      },
      {"column 'n': got 'many', expected a number"});
}

TEST(Table, SubsetsKeepTypesTextsAndLines) {
  const Table table = table_of("n,t\n1, a\n,b\n3, c\n");
  const Table part = table.subset({2, 0});
  EXPECT_EQ(part["n"].type(), CellType::number);  // that of the whole column
  EXPECT_EQ(part.row(0, {"n", "t"}), (std::vector<Label>{3, "c"}));
  EXPECT_EQ(part["t"].text(1), " a");
  EXPECT_EQ(part.line(0), 4);
  EXPECT_EQ(part.path(), "shop.csv");
}

TEST(ColReader, TakesAColumnWithEmptyCellsAsTexts) {
  const Table table = Table(CsvReader("n,holes,flag,word\n1,1,True,NA\n 2,,false,x\n"));
  EXPECT_EQ(ColReader(table, "n")(1), Label(2));
  EXPECT_EQ(ColReader(table, "holes")(0), Label("1"));
  EXPECT_EQ(ColReader(table, "holes")(1), Label(""));
  EXPECT_EQ(ColReader(table, 2)(1), Label(false));
  EXPECT_EQ(ColReader(table, "word")(0), Label("NA"));
  // The type that a table finds does not count.
  EXPECT_EQ(ColReader(table.typed(), "holes")(0), Label("1"));
}

TEST(ReadCsv, NamesAFileThatCannotBeRead) {
  expect_error<IoError>([] { read_csv("/nowhere/t.csv"); }, {"/nowhere/t.csv", "No such file"});
  expect_error<DataError>([] { read_csv("/tmp"); }, {"is a folder"});
}

TEST(ReadCsv, ReadsRealTables) {
  if (!test::has_shared("data/imdb_sample/texts.csv"))
    GTEST_SKIP() << "../shared/data is not there";
  const auto reviews = read_csv(test::shared_dir() / "data/imdb_sample/texts.csv");
  EXPECT_EQ(reviews.names(), (Texts{"label", "text", "is_valid"}));
  EXPECT_EQ(reviews.rows(), 1000);
  EXPECT_EQ(read_csv(test::shared_dir() / "data/adult_sample/adult.csv").rows(), 32561);
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
  EXPECT_EQ(table["saleMonth"][0], Label(5));
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
