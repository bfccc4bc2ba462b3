#include "linnet/cli/failure.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "linnet/core/error.h"

namespace linnet::cli {
namespace {

TEST(Failure, EveryErrorIsOneLineAndHasItsExitCode) {
  EXPECT_EQ(failure_of(UsageError("a", "b")).exit_code, 2);
  EXPECT_EQ(failure_of(DataError("a", "b")).exit_code, 3);
  EXPECT_EQ(failure_of(IoError("a", "b")).exit_code, 4);
  EXPECT_EQ(failure_of(IoError("a", "b")).message, "[a] b");
  const Failure other = failure_of(std::runtime_error("first\nbacktrace\n"));
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_EQ(other.message, "first");
  EXPECT_NE(failure_of(std::bad_alloc()).message.find("--batch-size"), std::string::npos);
}

}  // namespace
}  // namespace linnet::cli
