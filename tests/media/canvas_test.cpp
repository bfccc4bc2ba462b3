#include "linnet/media/canvas.h"

#include <gtest/gtest.h>

#include <numbers>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

constexpr Color kBlack{0, 0, 0};
constexpr Color kWhite{255, 255, 255};

double mean(const Image& image) {
  double sum = 0;
  for (int64_t i = 0; i < image.bytes(); ++i) sum += image.data()[i];
  return sum / static_cast<double>(image.bytes());
}

Outline square(double low, double high) {
  return {{low, low}, {high, low}, {high, high}, {low, high}};
}

TEST(Canvas, BeginsAsItsBackground) {
  const Image image = Canvas(8, {10, 20, 30}).image();
  EXPECT_EQ(image.height(), 8);
  EXPECT_EQ(image.width(), 8);
  EXPECT_EQ(image.channels(), 3);
  EXPECT_EQ(image.at(3, 4, 0), 10);
  EXPECT_EQ(image.at(3, 4, 1), 20);
  EXPECT_EQ(image.at(3, 4, 2), 30);
}

TEST(Canvas, CoversAsMuchAsTheShapeDoes) {
  Canvas canvas(64, kBlack);
  canvas.fill(ellipse({0.5, 0.5}, 0.3, 0.3), kWhite);
  EXPECT_NEAR(mean(canvas.image()) / 255, std::numbers::pi * 0.09, 0.01);
  const Image image = canvas.image();
  EXPECT_EQ(image.at(32, 32), 255);
  EXPECT_EQ(image.at(2, 2), 0);
  int64_t between = 0;  // smooth edges
  for (int64_t i = 0; i < image.bytes(); ++i)
    between += image.data()[i] > 0 && image.data()[i] < 255 ? 1 : 0;
  EXPECT_GT(between, 100);
}

TEST(Canvas, MixesColoursByOpacity) {
  Canvas canvas(8, kBlack);
  canvas.fill(square(-1, 2), {200, 100, 0}, 0.5);
  EXPECT_EQ(canvas.image().at(4, 4, 0), 100);
  EXPECT_EQ(canvas.image().at(4, 4, 1), 50);
}

TEST(Canvas, PaintsInsideTheClipOnly) {
  Canvas canvas(30, kBlack);
  canvas.clip(square(0, 0.5));
  canvas.fill(square(-1, 2), kWhite);
  EXPECT_EQ(canvas.image().at(5, 5), 255);
  EXPECT_EQ(canvas.image().at(25, 25), 0);
  canvas.unclip();
  canvas.fill(square(-1, 2), kWhite);
  EXPECT_EQ(canvas.image().at(25, 25), 255);
}

TEST(Canvas, StrokesTheEdge) {
  Canvas canvas(60, kBlack);
  canvas.stroke(square(0.25, 0.75), kWhite, 0.05);
  EXPECT_EQ(canvas.image().at(15, 30), 255);
  EXPECT_EQ(canvas.image().at(30, 30), 0);
}

TEST(Canvas, LightsFromASide) {
  Canvas canvas(32, {100, 100, 100});
  canvas.light(0.5, 1.5);
  const Image image = canvas.image();
  EXPECT_NEAR(image.at(9, 0), 51, 2);
  EXPECT_NEAR(image.at(9, 31), 149, 2);
}

TEST(Canvas, BlursWithoutChangingTheMean) {
  Canvas canvas(32, kBlack);
  canvas.fill(square(0.3, 0.7), kWhite);
  EXPECT_NEAR(mean(canvas.image(2)), mean(canvas.image()), 1.5);
  EXPECT_LT(canvas.image(2).at(10, 16), canvas.image().at(10, 16));
}

TEST(Canvas, TakesShapesThatReachFarBeyondIt) {
  Canvas canvas(16, kBlack);
  canvas.fill(ellipse({0.5, 0.5}, 1e9, 1e9), kWhite);
  EXPECT_EQ(mean(canvas.image()), 255);
  canvas.fill(ellipse({50, 50}, 1, 1), kBlack);
  canvas.stroke(ellipse({-9, 0.5}, 1, 1), kBlack, 0.1);
  EXPECT_EQ(mean(canvas.image()), 255);
  canvas.fill({}, kBlack);
  EXPECT_EQ(mean(canvas.image()), 255);
}

TEST(Canvas, RefusesASideThatCannotBe) {
  test::expect_error<UsageError>([] { Canvas(0, kBlack); }, {"[Canvas] side: got 0", "1 to 4096"});
  test::expect_error<UsageError>([] { Canvas(5000, kBlack); }, {"got 5000"});
}

}  // namespace
}  // namespace linnet
