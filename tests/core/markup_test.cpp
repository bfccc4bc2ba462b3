#include "linnet/core/markup.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using Lines = std::vector<std::string>;

TEST(EscapedMarkup, LeavesNothingThatABrowserWouldObey) {
  EXPECT_EQ(escaped_markup("<script>alert(\"1\" & '2')</script>"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
  EXPECT_EQ(escaped_markup("&lt;"), "&amp;lt;");
  EXPECT_EQ(escaped_markup(""), "");
}

TEST(EscapedMarkup, KeepsLettersOfAnyScriptAndNewlines) {
  EXPECT_EQ(escaped_markup("고양이 \xF0\x9F\x90\x88\n\tüß"), "고양이 \xF0\x9F\x90\x88\n\tüß");
}

TEST(EscapedMarkup, PutsASignInPlaceOfWhatXmlRefuses) {
  const std::string sign = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped_markup(std::string_view("a\0b\x1b\x7f", 5)), "a" + sign + "b" + sign + sign);
  EXPECT_EQ(escaped_markup("\xFF"), sign);
  EXPECT_EQ(escaped_markup("\xC0\xAF"), sign + sign) << "overlong";
  EXPECT_EQ(escaped_markup("\xED\xA0\x80"), sign + sign + sign) << "surrogate";
  EXPECT_EQ(escaped_markup("x\xE2\x82"), "x" + sign + sign) << "cut off";
}

TEST(WrappedText, PartsAtSpacesAndWithinLongWords) {
  EXPECT_EQ(wrapped_text("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped_text("abcdefgh ij", 3), (Lines{"abc", "def", "gh", "ij"}));
  EXPECT_EQ(wrapped_text("a\nb", 10), (Lines{"a", "b"}));
  EXPECT_EQ(wrapped_text("", 10), (Lines{""}));
  EXPECT_EQ(wrapped_text("고양이", 4), (Lines{"고양", "이"})) << "two columns a letter";
  test::expect_error<UsageError>([] { wrapped_text("a", 1); },
                                 {"[wrapped_text]", "width: got 1, expected 2 or more"});
}

TEST(Base64, IsThatOfTheRfc) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xFF\xFE"), "//4=");
}

}  // namespace
}  // namespace linnet
