#include "linnet/io/csv.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;
using Rows = std::vector<std::vector<std::string>>;

/** All that is in a text. */
struct Csv {
  std::vector<std::string> header;
  Rows rows;
  std::vector<int64_t> lines;
};

Csv parse_csv(std::string_view text, const CsvOptions& options = {},
              const std::filesystem::path& path = {}) {
  CsvReader reader(text, options, path);
  Csv csv{.header = reader.header(), .rows = {}, .lines = {}};
  while (reader.next()) {
    csv.rows.push_back(reader.fields());
    csv.lines.push_back(reader.line());
  }
  return csv;
}

TEST(CsvReader, ReadsHeaderAndRows) {
  const auto table = parse_csv("name,label\na.jpg,cat\nb.jpg,dog\n");
  EXPECT_EQ(table.header, (std::vector<std::string>{"name", "label"}));
  EXPECT_EQ(table.rows, (Rows{{"a.jpg", "cat"}, {"b.jpg", "dog"}}));
  EXPECT_EQ(table.lines, (std::vector<int64_t>{2, 3}));
}

TEST(CsvReader, ReadsQuotesAndEmbeddedLineEnds) {
  const auto table =
      parse_csv("a,b\n\"x,1\",\"say \"\"hi\"\"\"\n\"two\r\nlines\n\",\n\"\",z\"z\n\"ab\"cd,e\n");
  EXPECT_EQ(table.rows,
            (Rows{{"x,1", "say \"hi\""}, {"two\r\nlines\n", ""}, {"", "z\"z"}, {"abcd", "e"}}));
  EXPECT_EQ(table.lines, (std::vector<int64_t>{2, 3, 6, 7}));
}

TEST(CsvReader, TakesAnyLineEndMarkAndEmptyLines) {
  const Rows expected{{"1", "2"}, {"3", "4"}};
  for (const std::string_view text : {"a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r",
                                      "\xef\xbb\xbf"
                                      "a,b\n\n1,2\n\n\n3,4\n\n"}) {
    const auto table = parse_csv(text);
    EXPECT_EQ(table.header[0], "a");
    EXPECT_EQ(table.rows, expected) << text;
  }
}

TEST(CsvReader, TakesAnotherDelimiterAndNoHeader) {
  const auto table = parse_csv("1\t2,5\n", {.delimiter = '\t', .has_header = false});
  EXPECT_EQ(table.header, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(table.rows, (Rows{{"1", "2,5"}}));
}

TEST(CsvReader, HasNoRowsBelowALoneHeader) {
  EXPECT_TRUE(parse_csv("a,b\n").rows.empty());
  CsvReader reader("1,2\n", {.has_header = false});
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.next());
}

TEST(CsvReader, NamesTheLineOfARaggedRow) {
  expect_error<DataError>([] { parse_csv("a,b\n\"x\ny\",1\n1,2,3\n", {}, "t.csv"); },
                          {"t.csv, row 4", "got 3 fields, expected 2"});
  expect_error<DataError>([] { parse_csv("a,b\n1\n", {}, "t.csv"); }, {"row 2", "got 1 fields"});
}

TEST(CsvReader, NamesOtherFaults) {
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
}

TEST(CsvLine, IsReadBackAsItWas) {
  const Rows rows{{"plain", "with,comma", "with \"quotes\"", "two\nlines", ""},
                  {"é", " spaces ", "\r", "'", ";"}};
  std::string text = csv_line({"a", "b", "c", "d", "e"});
  for (const auto& row : rows) text += csv_line(row);
  EXPECT_EQ(parse_csv(text).rows, rows);
  EXPECT_EQ(parse_csv("h\n" + csv_line({""})).rows, (Rows{{""}}));
}

}  // namespace
}  // namespace linnet
