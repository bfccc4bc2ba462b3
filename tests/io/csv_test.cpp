#include "linnet/io/csv.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/shared.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using Rows = std::vector<std::vector<std::string>>;

TEST(ParseCsv, ReadsHeaderAndRows) {
  const auto table = parse_csv("name,label\na.jpg,cat\nb.jpg,dog\n");
  EXPECT_EQ(table.header, (std::vector<std::string>{"name", "label"}));
  EXPECT_EQ(table.rows, (Rows{{"a.jpg", "cat"}, {"b.jpg", "dog"}}));
  EXPECT_EQ(table.lines, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(table.column("label"), 1U);
  expect_error<DataError>([&] { table.column("labels"); }, {"unknown column 'labels'", "label"});
}

TEST(ParseCsv, ReadsQuotesAndEmbeddedLineEnds) {
  const auto table =
      parse_csv("a,b\n\"x,1\",\"say \"\"hi\"\"\"\n\"two\r\nlines\n\",\n\"\",z\"z\n\"ab\"cd,e\n");
  EXPECT_EQ(table.rows,
            (Rows{{"x,1", "say \"hi\""}, {"two\r\nlines\n", ""}, {"", "z\"z"}, {"abcd", "e"}}));
  EXPECT_EQ(table.lines, (std::vector<int64_t>{2, 3, 6, 7}));
}

TEST(ParseCsv, TakesAnyLineEndMarkAndEmptyLines) {
  const Rows expected{{"1", "2"}, {"3", "4"}};
  for (const std::string_view text : {"a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r",
                                      "\xef\xbb\xbf"
                                      "a,b\n\n1,2\n\n\n3,4\n\n"}) {
    const auto table = parse_csv(text);
    EXPECT_EQ(table.header[0], "a");
    EXPECT_EQ(table.rows, expected) << text;
  }
}

TEST(ParseCsv, TakesAnotherDelimiterAndNoHeader) {
  const auto table = parse_csv("1\t2,5\n", {.delimiter = '\t', .has_header = false});
  EXPECT_EQ(table.header, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(table.rows, (Rows{{"1", "2,5"}}));
}

TEST(ParseCsv, NamesTheLineOfARaggedRow) {
  expect_error<DataError>([] { parse_csv("a,b\n\"x\ny\",1\n1,2,3\n", {}, "t.csv"); },
                          {"t.csv, row 4", "got 3 fields, expected 2"});
  expect_error<DataError>([] { parse_csv("a,b\n1\n", {}, "t.csv"); }, {"row 2", "got 1 fields"});
}

TEST(ParseCsv, NamesOtherFaults) {
  expect_error<DataError>([] { parse_csv("a,b\n1,\"x\n", {}, "t.csv"); },
                          {"t.csv, row 2", "quote opens here and does not end"});
  expect_error<DataError>([] { parse_csv("", {}, "t.csv"); }, {"is empty"});
  expect_error<DataError>(
      [] {
        parse_csv(
            "\xff\xfe"
            "a",
            {}, "t.csv");
      },
      {"UTF-16"});
  expect_error<IoError>([] { read_csv("/nowhere/t.csv"); }, {"/nowhere/t.csv", "No such file"});
  expect_error<DataError>([] { read_csv("/tmp"); }, {"is a folder"});
}

TEST(CsvLine, IsReadBackAsItWas) {
  const Rows rows{{"plain", "with,comma", "with \"quotes\"", "two\nlines", ""},
                  {"é", " spaces ", "\r", "'", ";"}};
  std::string text = csv_line({"a", "b", "c", "d", "e"});
  for (const auto& row : rows) text += csv_line(row);
  EXPECT_EQ(parse_csv(text).rows, rows);
  EXPECT_EQ(parse_csv("h\n" + csv_line({""})).rows, (Rows{{""}}));
}

TEST(ReadCsv, ReadsRealTables) {
  if (!test::has_shared("data/imdb_sample/texts.csv"))
    GTEST_SKIP() << "../shared/data is not there";
  const auto reviews = read_csv(test::shared_dir() / "data/imdb_sample/texts.csv");
  EXPECT_EQ(reviews.header, (std::vector<std::string>{"label", "text", "is_valid"}));
  EXPECT_EQ(reviews.rows.size(), 1000U);
  EXPECT_EQ(read_csv(test::shared_dir() / "data/adult_sample/adult.csv").rows.size(), 32561U);
}

}  // namespace
}  // namespace linnet
