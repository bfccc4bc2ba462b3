#include "linnet/app/field.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;

const Field kEpochs{.name = "epochs", .kind = FieldKind::integer, .min = 1};
const Field kShare{
    .name = "valid-pct", .kind = FieldKind::number, .min = 0, .max = 1, .open_range = true};
const Field kArch{.name = "arch", .kind = FieldKind::choice, .choices = {"resnet18", "resnet34"}};

TEST(Field, ReadsTextsAsItsKind) {
  EXPECT_EQ(field_value(kEpochs, " 12 ", "train"), Json(12));
  EXPECT_EQ(field_value(kShare, "2e-1", "train"), Json(0.2));
  EXPECT_EQ(field_value(kArch, "resnet18", "train"), Json("resnet18"));
  const Field metrics{.name = "metrics", .kind = FieldKind::list, .choices = {"a", "b"}};
  EXPECT_EQ(field_value(metrics, "a, b", "train"), Json(Json::Array{"a", "b"}));
  EXPECT_EQ(field_value({.name = "force", .kind = FieldKind::flag}, "true", "train"), Json(true));
}

TEST(Field, RefusesWhatIsNoNumberOrOutOfRange) {
  for (const std::string_view text : {"abc", "", "1.5", "1e3x", "99999999999999999999"}) {
    expect_error<UsageError>([&] { field_value(kEpochs, text, "train"); },
                             {"[train] --epochs: got '", "expected a whole number, 1 or more"});
  }
  expect_error<UsageError>([] { field_value(kEpochs, "0", "train"); },
                           {"--epochs: got 0, expected a whole number, 1 or more"});
  for (const std::string_view text : {"0", "1", "1.5", "-0.1"}) {
    expect_error<UsageError>([&] { field_value(kShare, text, "train"); },
                             {"--valid-pct: got ", "expected a number above 0 and below 1"});
  }
  for (const std::string_view text : {"nan", "inf", "-inf"})
    expect_error<UsageError>([&] { field_value(kShare, text, "train"); }, {"expected a number"});
}

TEST(Field, OffersTheNearestChoices) {
  expect_error<UsageError>([] { field_value(kArch, "resnet35", "train"); },
                           {"[train] --arch: unknown name 'resnet35'. Did you mean resnet34"});
  const Field metrics{.name = "metrics", .kind = FieldKind::list, .choices = {"accuracy"}};
  expect_error<UsageError>([&] { field_value(metrics, "accurcy", "train"); },
                           {"--metrics", "Did you mean accuracy?"});
}

TEST(Field, ChecksTypedValues) {
  const Field lr{.name = "lr", .kind = FieldKind::number};
  EXPECT_EQ(checked_value(lr, Json(1), "train"), Json(1.0));
  expect_error<UsageError>([&] { checked_value(lr, Json("fast"), "train"); },
                           {"--lr: got \"fast\", expected a number"});
  expect_error<UsageError>([] { checked_value(kEpochs, Json(1.5), "train"); }, {"--epochs"});
  const Field pictures{
      .name = "picture", .kind = FieldKind::path, .positional = true, .repeated = true};
  EXPECT_EQ(checked_value(pictures, Json(Json::Array{"a", "b"}), "predict"),
            Json(Json::Array{"a", "b"}));
  expect_error<UsageError>([&] { checked_value(pictures, Json("a"), "predict"); },
                           {"[predict] PICTURE: got \"a\", expected a list"});
  expect_error<UsageError>([&] { checked_value(pictures, Json(Json::Array{""}), "predict"); },
                           {"PICTURE: got nothing, expected PATH"});
}

}  // namespace
}  // namespace linnet
