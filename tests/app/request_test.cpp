#include "linnet/app/request.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

const std::vector<Field>& fields() {
  static const std::vector<Field> all = {
      {.name = "path",
       .kind = FieldKind::path,
       .help = "a folder",
       .positional = true,
       .required = true},
      {.name = "epochs", .kind = FieldKind::integer, .preset = 3},
      {.name = "lr", .kind = FieldKind::number, .preset = 2e-3},
      {.name = "again", .kind = FieldKind::flag, .preset = false},
      {.name = "out", .kind = FieldKind::path}};
  return all;
}

TEST(Request, FillsInPresets) {
  const Request request("train", fields(), Json{{"path", "pets"}, {"epochs", 5}});
  EXPECT_EQ(request.path("path"), "pets");
  EXPECT_EQ(request.integer("epochs"), 5);
  EXPECT_EQ(request.number("lr"), 2e-3);
  EXPECT_FALSE(request.flag("again"));
  EXPECT_FALSE(request.has("out"));
  EXPECT_TRUE(request.is_given("epochs"));
  EXPECT_FALSE(request.is_given("lr"));
}

TEST(Request, RefusesWhatIsMissingOrUnknown) {
  expect_error<UsageError>([] { Request("train", fields(), Json::object()); },
                           {"[train] PATH is missing: a folder.", "linnet help train"});
  expect_error<UsageError>(
      [] {
        Request("train", fields(), Json{{"path", "a"}, {"epoch", 1}});
      },
      {"[train] unknown field 'epoch'. Did you mean epochs"});
}

TEST(Request, TellsTheCommandThatAsksForTheSame) {
  const Request request("train", fields(),
                        Json{{"path", "my pets"}, {"epochs", 5}, {"lr", 0.01}, {"again", true}});
  EXPECT_EQ(request.command(), "linnet train 'my pets' --epochs 5 --lr 0.01 --again");
}

TEST(Request, QuotesForAShell) {
  EXPECT_EQ(shell_quoted("a/b-1.jpg"), "a/b-1.jpg");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted("regex:^(.+)_\\d+"), "'regex:^(.+)_\\d+'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace
}  // namespace linnet
