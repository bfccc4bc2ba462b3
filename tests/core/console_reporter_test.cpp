#include <gtest/gtest.h>

#include "linnet/core/console_reporter.h"

namespace linnet {
namespace {

TEST(Console, TablesLookAsFastais) {
  const std::vector<std::string> columns = {"epoch", "train_loss", "valid_loss", "error_rate",
                                            "time"};
  EXPECT_EQ(table_head(columns), "epoch     train_loss  valid_loss  error_rate  time");
  EXPECT_EQ(table_row(columns, Json{{"epoch", 0},
                                    {"train_loss", 0.16939},
                                    {"valid_loss", 0.0223271},
                                    {"error_rate", 0.006089},
                                    {"time", 14.2}}),
            "0         0.169390    0.022327    0.006089    00:14");
}

TEST(Console, CellsThatAreMissingStayBlank) {
  EXPECT_EQ(table_row({"epoch", "train_loss", "valid_loss", "time"},
                      Json{{"epoch", 3}, {"valid_loss", nullptr}, {"time", 3723.0}}),
            "3                                 1:02:03");
}

TEST(Console, BarTellsRateAndTimeLeft) {
  const Progress progress{.phase = "epoch 0 train",
                          .unit = "pictures",
                          .done = 128,
                          .total = 256,
                          .per_second = 12.34,
                          .seconds_left = 80};
  EXPECT_EQ(bar_text(progress, 100),
            "epoch 0 train  [############............]  50%  12.3 pictures/s  01:20 left");
  EXPECT_EQ(bar_text(progress, 20), "epoch 0 train  [####");
  EXPECT_EQ(bar_text({.phase = "download", .unit = "bytes", .done = 5'000'000}, 80),
            "download  5.0 MB");
}

}  // namespace
}  // namespace linnet
