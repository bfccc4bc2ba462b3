#include "linnet/plot/chart.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <span>

#include "linnet/core/error.h"
#include "linnet/media/decode.h"
#include "linnet/plot/heat_map.h"
#include "linnet/plot/matrix_chart.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

using test::expect_error;
using testing::Test;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Charts : public Test {
 protected:
  void SetUp() override {
    if (std::system("command -v gnuplot > /dev/null") != 0) {
      GTEST_SKIP() << "gnuplot is not installed";
    }
  }
};
using MatrixCharts = Charts;

Chart losses() {
  return {.title = "Loss",
          .x = {.name = "epoch", .whole = true},
          .y = {.name = "loss"},
          .series = {{"training", {0, 1, 2}, {3, 2, 1}}}};
}

Image png_of(const std::string& bytes) {
  return decode_image(std::span(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

int64_t pixels(const Image& image, uint8_t red, uint8_t green, uint8_t blue) {
  int64_t count = 0;
  for (int64_t y = 0; y < image.height(); ++y) {
    for (int64_t x = 0; x < image.width(); ++x) {
      count += image.at(y, x, 0) == red && image.at(y, x, 1) == green && image.at(y, x, 2) == blue
                   ? 1
                   : 0;
    }
  }
  return count;
}

TEST_F(Charts, NameTheirAxesAndLines) {
  const std::string svg = draw(losses(), PlotFormat::svg);
  for (const char* text : {"Loss", "epoch", "loss", "training"}) {
    EXPECT_TRUE(holds(svg, "<text>" + std::string(text) + "</text>")) << text;
  }
  const Image png = png_of(draw(losses(), PlotFormat::png));
  EXPECT_EQ(png.width(), 800);
  EXPECT_EQ(png.height(), 500);
  EXPECT_GT(pixels(png, 0x00, 0x72, 0xb2), 300) << "a blue line";
}

TEST_F(Charts, DrawEveryStyleInItsColour) {
  for (const auto style :
       {SeriesStyle::line, SeriesStyle::dashed, SeriesStyle::points, SeriesStyle::bars}) {
    Chart chart = losses();
    chart.series[0].style = style;
    chart.series[0].colour = "#10a020";
    EXPECT_GT(pixels(png_of(draw(chart, PlotFormat::png)), 0x10, 0xa0, 0x20), 5)
        << static_cast<int>(style);
  }
}

TEST_F(Charts, LeaveGapsWhereThereIsNoNumber) {
  Chart chart = losses();
  chart.series = {{"training", {0, 1, 2, 3}, {3, kNaN, kInfinity, 1}}};
  EXPECT_TRUE(holds(draw(chart, PlotFormat::svg), "training"));
}

TEST_F(Charts, SayWhenThereIsNothingToShow) {
  Chart chart = losses();
  const auto says_so = [&] {
    const std::string svg = draw(chart, PlotFormat::svg);
    return holds(svg, "nothing to show: there are no finite numbers") && holds(svg, "epoch");
  };
  chart.series.clear();
  EXPECT_TRUE(says_so()) << "no lines";
  chart.series = {{"empty", {}, {}}};
  EXPECT_TRUE(says_so()) << "no points";
  chart.series = {{"bad", {0, 1}, {kNaN, kInfinity}}};
  EXPECT_TRUE(says_so()) << "no finite points";
  chart.series = {{"negative", {1, 2}, {-1, 0}}};
  EXPECT_FALSE(says_so());
  chart.y.log = true;
  EXPECT_TRUE(says_so()) << "nothing above 0 on an axis of logarithms";
  EXPECT_EQ(png_of(draw(chart, PlotFormat::png)).width(), 800);
}

TEST_F(Charts, TakeOnePointAndHugeAndEqualNumbers) {
  Chart chart = losses();
  for (const auto& y : {std::vector<double>{5, 5, 5}, {1e300, -1e300, 0}, {1e-300, 0, 0}}) {
    chart.series = {{"", {0, 1, 2}, y}};
    EXPECT_NO_THROW(draw(chart, PlotFormat::svg)) << y[0];
  }
  chart.series = {{"one", {1}, {5}}};
  EXPECT_TRUE(holds(draw(chart, PlotFormat::svg), "one"));
}

TEST_F(Charts, ShowTextOfAnyKindAsText) {
  Chart chart = losses();
  chart.title = "<script>alert(1)</script> & \"강아지\"\n`touch /tmp/no`";
  chart.series[0].name = std::string(300, 'n') + "</svg>";
  chart.marks = {{1, 2, "<b>valley</b>"}};
  const std::string svg = draw(chart, PlotFormat::svg);
  EXPECT_FALSE(holds(svg, "<script"));
  EXPECT_FALSE(holds(svg, "<b>"));
  EXPECT_TRUE(holds(svg, "&lt;script>alert(1)&lt;/script> &amp; \"강아지\" `touch"));
  EXPECT_TRUE(holds(svg, "nnn\u2026"));
  EXPECT_TRUE(holds(svg, "&lt;b>valley"));
}

TEST_F(Charts, DrawLogarithms) {
  const Chart chart{.x = {.name = "rate", .log = true},
                    .y = {.name = "loss"},
                    .series = {{"", {0, 1e-5, 1e-3, 1e-1}, {9, 3, 2, 1}}}};
  EXPECT_TRUE(holds(draw(chart, PlotFormat::svg), "1e-03"));
}

TEST(AChart, SaysWhatIsWrong) {
  const auto refused = [](Chart chart, std::initializer_list<std::string_view> parts) {
    expect_error<UsageError>([&] { draw(chart, PlotFormat::svg); }, parts);
  };
  Chart chart = losses();
  chart.series[0].y.pop_back();
  refused(chart, {"[draw]", "series 'training'", "3 x and 2 y"});
  chart = losses();
  chart.y.name = "";
  refused(chart, {"axis without a name"});
  chart = losses();
  chart.width = 9;
  refused(chart, {"got 9, expected 200 to 8000"});
  chart = losses();
  chart.series[0].colour = "red'; system('x')";
  refused(chart, {"colour", "#rrggbb"});
}

MatrixChart matrix(int64_t n) {
  MatrixChart chart{.title = "Confusion", .row_axis = "actual", .column_axis = "predicted"};
  for (int64_t i = 0; i < n * n; ++i) {
    chart.values.push_back(i / n == i % n ? 40 : i % 11 == 0 ? 3 : 0);
  }
  for (int64_t i = 0; i < n; ++i) chart.labels.push_back("breed_" + std::to_string(i));
  return chart;
}

TEST_F(MatrixCharts, GrowWithTheirLabels) {
  const Image small = png_of(draw(matrix(3), PlotFormat::png));
  const Image large = png_of(draw(matrix(37), PlotFormat::png));
  EXPECT_LT(small.width(), 500);
  EXPECT_GT(large.width(), 37 * 24) << "room for two digits and a label in each row";
  EXPECT_LE(png_of(draw(matrix(500), PlotFormat::png)).width(), 4000);
}

TEST_F(MatrixCharts, WriteLabelsAndNumbers) {
  const std::string svg = draw(matrix(37), PlotFormat::svg);
  for (int i = 0; i < 37; ++i) {
    EXPECT_TRUE(holds(svg, "<text>breed_" + std::to_string(i) + "</text>")) << i;
  }
  EXPECT_TRUE(holds(svg, "<text>40</text>"));
  EXPECT_FALSE(holds(svg, "<text>0</text>")) << "where nothing is, nothing is written";
  EXPECT_TRUE(holds(svg, "actual"));
  EXPECT_TRUE(holds(svg, "predicted"));
}

TEST_F(MatrixCharts, HaveRowsFromAbove) {
  MatrixChart chart = matrix(2);
  chart.values = {0, 9, 0, 0};  // the first row is taken for the second column
  const Image image = png_of(draw(chart, PlotFormat::png));
  double x = 0, y = 0, dark = 0;
  for (int64_t row = 0; row < image.height(); ++row) {
    for (int64_t column = 0; column < image.width(); ++column) {
      if (image.at(row, column, 0) != 0x08 || image.at(row, column, 2) != 0x6b) continue;
      x += static_cast<double>(column);
      y += static_cast<double>(row);
      ++dark;
    }
  }
  ASSERT_GT(dark, 1000);
  EXPECT_GT(x / dark, static_cast<double>(image.width()) / 2);
  EXPECT_LT(y / dark, static_cast<double>(image.height()) / 2);
}

TEST_F(MatrixCharts, ShowLabelsOfAnyKind) {
  MatrixChart chart = matrix(5);
  chart.labels = {std::string(300, 'x'), "<script>alert(\"1\")</script>", "two\nlines", "페르시안",
                  "it's \"quoted\" \\ `touch x`"};
  const std::string svg = draw(chart, PlotFormat::svg);
  EXPECT_FALSE(holds(svg, "<script"));
  EXPECT_TRUE(holds(svg, "&lt;script>alert"));
  EXPECT_TRUE(holds(svg, std::string(27, 'x') + "\u2026</text>"));
  EXPECT_TRUE(holds(svg, "<text>two lines</text>"));
  EXPECT_TRUE(holds(svg, "페르시안"));
  EXPECT_TRUE(holds(svg, "it's \"quoted\" \\ `touch x`"));
}

TEST_F(MatrixCharts, TakeOneClassAndNoneAndNoNumbers) {
  EXPECT_TRUE(holds(draw(matrix(1), PlotFormat::svg), "breed_0"));
  EXPECT_TRUE(holds(draw(matrix(0), PlotFormat::svg), "nothing to show: there are no classes"));
  MatrixChart chart = matrix(2);
  chart.values = {kNaN, kNaN, kNaN, kNaN};
  EXPECT_TRUE(holds(draw(chart, PlotFormat::svg), "breed_1"));
  chart.values = {0, 0, 0, 0};
  EXPECT_TRUE(holds(draw(chart, PlotFormat::svg), "breed_1"));
}

TEST_F(Charts, DrawHeatMaps) {
  HeatMap map{.title = "Activations",
              .x = {.name = "batch", .min = 1, .max = 3},
              .y = {.name = "activation"},
              .rows = 2,
              .columns = 3,
              .values = {0, 0, kNaN, 0, 0, 5},
              .unit = "count <n>"};
  const std::string svg = draw(map, PlotFormat::svg);
  for (const char* text : {"Activations", "batch", "activation", "count &lt;n>"}) {
    EXPECT_TRUE(holds(svg, text)) << text;
  }
  const Image image = png_of(draw(map, PlotFormat::png));
  double x = 0, y = 0, dark = 0;
  for (int64_t row = 0; row < image.height(); ++row) {
    for (int64_t column = 0; column < 600; ++column) {  // left of the scale
      if (image.at(row, column, 0) != 0x08 || image.at(row, column, 2) != 0x6b) continue;
      x += static_cast<double>(column);
      y += static_cast<double>(row);
      ++dark;
    }
  }
  ASSERT_GT(dark, 1000) << "the largest value is darkest";
  EXPECT_GT(x / dark, 400) << "last column";
  EXPECT_LT(y / dark, 250) << "the last row is the highest";
  map.values.assign(6, kNaN);
  EXPECT_TRUE(holds(draw(map, PlotFormat::svg), "nothing to show"));
  map = {.x = {.name = "a"}, .y = {.name = "b"}};
  EXPECT_TRUE(holds(draw(map, PlotFormat::svg), "nothing to show"));
  map.values = {1};
  expect_error<UsageError>([&] { draw(map, PlotFormat::svg); }, {"heat map: got 1 values"});
  map = {.x = {.name = "a"}, .y = {.name = "b"}, .rows = 1, .columns = 1, .values = {1}};
  EXPECT_EQ(png_of(draw(map, PlotFormat::png)).width(), 800) << "one number is enough";
}

TEST(AMatrixChart, SaysWhatIsWrong) {
  MatrixChart chart = matrix(2);
  chart.values.pop_back();
  expect_error<UsageError>([&] { draw(chart, PlotFormat::svg); },
                           {"got 3 values for 2 labels, expected 4"});
  chart.values.push_back(-1);
  expect_error<UsageError>([&] { draw(chart, PlotFormat::svg); }, {"got -1"});
  chart = matrix(2);
  chart.row_axis = "";
  expect_error<UsageError>([&] { draw(chart, PlotFormat::svg); }, {"axis without a name"});
}

}  // namespace
}  // namespace linnet
