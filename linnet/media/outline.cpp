#include "linnet/media/outline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr int kStepsOfCurve = 8;  // straight pieces between two points
constexpr int kStepsOfEllipse = 40;

void check_points(size_t got, size_t least, const char* where) {
  if (got >= least) return;
  throw UsageError(where, fmt::format("points: got {}, expected {} or more", got, least));
}

Point2 catmull_rom(Point2 a, Point2 b, Point2 c, Point2 d, double t) {
  const Point2 linear = 0.5 * (c - a);
  const Point2 square = a + 2 * c - 2.5 * b - 0.5 * d;
  const Point2 cube = 1.5 * (b - c) + 0.5 * (d - a);
  return b + t * (linear + t * (square + t * cube));
}

/** A smooth open curve; its ends are the first and the last point. */
std::vector<Point2> smooth_curve(const std::vector<Point2>& points) {
  std::vector<Point2> curve;
  const size_t last = points.size() - 1;
  for (size_t i = 0; i < last; ++i) {
    for (int step = 0; step < kStepsOfCurve; ++step) {
      curve.push_back(catmull_rom(points[i == 0 ? 0 : i - 1], points[i], points[i + 1],
                                  points[std::min(i + 2, last)],
                                  static_cast<double>(step) / kStepsOfCurve));
    }
  }
  curve.push_back(points[last]);
  return curve;
}

/** Adds half a circle around `center`, beginning at `from`. */
void add_round_end(Outline& outline, Point2 center, Point2 from) {
  constexpr int kSteps = 6;
  for (int step = 1; step < kSteps; ++step) {
    const double angle = std::numbers::pi * step / kSteps;
    const Point2 arm{std::cos(angle) * from.x - std::sin(angle) * from.y,
                     std::sin(angle) * from.x + std::cos(angle) * from.y};
    outline.push_back(center + arm);
  }
}

}  // namespace

Frame Frame::at(Point2 origin, Change change) const {
  const double cosine = change.scale * std::cos(change.angle);
  const double sine = change.scale * std::sin(change.angle);
  const double side = change.mirrored ? -1 : 1;
  Frame inner;
  inner.origin_ = (*this)(origin);
  inner.x_ = (side * cosine) * x_ + (side * sine) * y_;
  inner.y_ = (-sine) * x_ + cosine * y_;
  return inner;
}

Point2 Frame::operator()(Point2 p) const { return origin_ + p.x * x_ + p.y * y_; }

Outline Frame::operator()(const Outline& outline) const {
  Outline moved;
  moved.reserve(outline.size());
  for (const Point2 p : outline) moved.push_back((*this)(p));
  return moved;
}

double Frame::scale() const { return std::hypot(x_.x, x_.y); }

Outline ellipse(Point2 center, double radius_x, double radius_y, double angle) {
  Outline outline;
  for (int step = 0; step < kStepsOfEllipse; ++step) {
    const double t = 2 * std::numbers::pi * step / kStepsOfEllipse;
    const double x = radius_x * std::cos(t);
    const double y = radius_y * std::sin(t);
    outline.push_back(center + Point2{std::cos(angle) * x - std::sin(angle) * y,
                                      std::sin(angle) * x + std::cos(angle) * y});
  }
  return outline;
}

Outline smooth_outline(const std::vector<Point2>& points) {
  check_points(points.size(), 3, "smooth_outline");
  Outline outline;
  const size_t n = points.size();
  for (size_t i = 0; i < n; ++i) {
    for (int step = 0; step < kStepsOfCurve; ++step) {
      outline.push_back(catmull_rom(points[(i + n - 1) % n], points[i], points[(i + 1) % n],
                                    points[(i + 2) % n],
                                    static_cast<double>(step) / kStepsOfCurve));
    }
  }
  return outline;
}

Outline ribbon(const std::vector<Point2>& points, double half_width_begin, double half_width_end) {
  check_points(points.size(), 2, "ribbon");
  const auto curve = smooth_curve(points);
  const size_t n = curve.size();
  std::vector<Point2> arms;  // from the middle line to the left edge
  for (size_t i = 0; i < n; ++i) {
    const Point2 along = curve[std::min(i + 1, n - 1)] - curve[i == 0 ? 0 : i - 1];
    const double length = std::max(std::hypot(along.x, along.y), 1e-12);
    const double share = static_cast<double>(i) / static_cast<double>(n - 1);
    const double width = half_width_begin + share * (half_width_end - half_width_begin);
    arms.push_back((width / length) * Point2{along.y, -along.x});
  }
  Outline outline;
  for (size_t i = 0; i < n; ++i) outline.push_back(curve[i] + arms[i]);
  add_round_end(outline, curve[n - 1], arms[n - 1]);
  for (size_t i = n; i-- > 0;) outline.push_back(curve[i] - arms[i]);
  add_round_end(outline, curve[0], -1 * arms[0]);
  return outline;
}

}  // namespace linnet
