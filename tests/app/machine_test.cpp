#include "linnet/app/machine.h"

#include <gtest/gtest.h>

namespace linnet {
namespace {

TEST(TorchAdvice, IsSilentAboutTheVersionsThatTestsRunOn) {
  EXPECT_EQ(torch_advice("1.13"), "");
  EXPECT_EQ(torch_advice("1.13.1"), "");
  EXPECT_EQ(torch_advice("2.6.0"), "");
}

TEST(TorchAdvice, NamesTheTestedVersionsForAnyOther) {
  for (const char* version : {"2.60.0", "2.1.0", "1.12.1", "2", ""}) {
    SCOPED_TRACE(version);
    EXPECT_NE(torch_advice(version).find("tested with LibTorch 1.13 and 2.6"), std::string::npos);
  }
}

}  // namespace
}  // namespace linnet
