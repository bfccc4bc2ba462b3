#include "linnet/media/outline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet {
namespace {

/** Shoelace formula. */
double area(const Outline& outline) {
  double twice = 0;
  for (size_t i = 0; i < outline.size(); ++i) {
    const Point2 a = outline[i];
    const Point2 b = outline[(i + 1) % outline.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice) / 2;
}

TEST(Ellipse, HasItsArea) {
  EXPECT_NEAR(area(ellipse({3, 4}, 2, 1)), 2 * std::numbers::pi, 0.05);
  EXPECT_NEAR(area(ellipse({3, 4}, 2, 1, 0.7)), 2 * std::numbers::pi, 0.05);
}

TEST(SmoothOutline, GoesThroughItsPoints) {
  const std::vector<Point2> points = {{0, 0}, {2, 0}, {2, 1}, {0, 1}};
  const Outline outline = smooth_outline(points);
  for (const Point2 p : points) {
    EXPECT_TRUE(std::any_of(outline.begin(), outline.end(),
                            [p](Point2 q) { return std::hypot(p.x - q.x, p.y - q.y) < 1e-12; }));
  }
  test::expect_error<UsageError>([] { smooth_outline({{0, 0}, {1, 1}}); }, {"got 2", "3 or more"});
}

TEST(Ribbon, IsABandWithRoundEnds) {
  const Outline band = ribbon({{0, 0}, {10, 0}}, 1, 1);
  EXPECT_NEAR(area(band), 20 + std::numbers::pi, 0.2);
  for (const Point2 p : band) {
    EXPECT_LE(std::abs(p.y), 1 + 1e-9);
    EXPECT_GE(p.x, -1 - 1e-9);
    EXPECT_LE(p.x, 11 + 1e-9);
  }
  test::expect_error<UsageError>([] { ribbon({{0, 0}}, 1, 1); }, {"got 1", "2 or more"});
}

TEST(Frame, PlacesTurnsScalesAndMirrors) {
  const auto expect_at = [](Point2 p, double x, double y) {
    EXPECT_NEAR(p.x, x, 1e-12);
    EXPECT_NEAR(p.y, y, 1e-12);
  };
  const double quarter = std::numbers::pi / 2;
  expect_at(Frame()({3, 4}), 3, 4);
  expect_at(Frame().at({1, 2}, {.scale = 2})({3, 4}), 7, 10);
  expect_at(Frame().at({0, 0}, {.angle = quarter})({1, 0}), 0, 1);  // clockwise, as y points down
  expect_at(Frame().at({5, 0}, {.mirrored = true})({1, 1}), 4, 1);
  const Frame inner = Frame().at({10, 0}, {.scale = 2, .mirrored = true}).at({1, 1}, {.scale = 3});
  expect_at(inner({1, 0}), 2, 2);
  EXPECT_NEAR(inner.scale(), 6, 1e-12);
}

}  // namespace
}  // namespace linnet
