// The main of every test program: `PROGRAM --file core/strings_test.cpp` runs the tests of that
// file only, which is how ctest calls it; googletest's own options work as always.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace {

// The filter that names every test whose source file ends with `file`; empty when there is none.
std::string filter_of(std::string_view file) {
  const auto& all = *testing::UnitTest::GetInstance();
  std::string filter;
  for (int s = 0; s < all.total_test_suite_count(); ++s) {
    const auto& suite = *all.GetTestSuite(s);
    for (int t = 0; t < suite.total_test_count(); ++t) {
      const auto& test = *suite.GetTestInfo(t);
      if (!std::string_view(test.file()).ends_with(file)) continue;
      filter += (filter.empty() ? "" : ":") + std::string(suite.name()) + "." + test.name();
    }
  }
  return filter;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  if (argc == 1) return RUN_ALL_TESTS();
  if (argc != 3 || std::string_view(argv[1]) != "--file") {
    std::fprintf(stderr, "usage: %s [--file FOLDER/NAME_test.cpp] [googletest's options]\n",
                 argv[0]);
    return 2;
  }
  const std::string filter = filter_of(argv[2]);
  if (filter.empty()) {
    std::fprintf(stderr, "%s holds no test of a file %s\n", argv[0], argv[2]);
    return 2;
  }
  testing::FLAGS_gtest_filter = filter;
  return RUN_ALL_TESTS();
}
