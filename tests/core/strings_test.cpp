#include "linnet/core/strings.h"

#include <gtest/gtest.h>

namespace linnet {
namespace {

TEST(Strings, OffersTheNearestNames) {
  const std::vector<std::string> archs = {"resnet18", "resnet34", "resnet50", "xresnet34"};
  EXPECT_EQ(nearest_names("resnet35", archs).front(), "resnet34");
  EXPECT_EQ(unknown_name("architecture", "vgg", archs),
            "unknown architecture 'vgg'. There are: resnet18, resnet34, resnet50, xresnet34.");
}

TEST(Strings, SplitKeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
}

TEST(Strings, TimeReadsAsInFastaisTable) {
  EXPECT_EQ(human_time(61.4), "01:01");
  EXPECT_EQ(human_time(3723), "1:02:03");
}

TEST(Strings, BytesReadAsPeopleSayThem) {
  EXPECT_EQ(human_bytes(811706944), "812 MB");
  EXPECT_EQ(human_bytes(1500), "1.5 kB");
  EXPECT_EQ(human_bytes(12), "12 B");
}

TEST(ShownText, IsOneShortLineOfWholeLetters) {
  EXPECT_EQ(shown_text("plain é"), "plain é");
  EXPECT_EQ(shown_text("two\nlines\x1b[0m"), "two?lines?[0m");
  EXPECT_EQ(shown_text("abcdef", 3), "abc...");
  EXPECT_EQ(shown_text("abé", 3), "ab...");
}

}  // namespace
}  // namespace linnet
