#include <algorithm>
#include <cmath>

#include "linnet/data/drawn/pet.h"

namespace linnet::detail {

namespace {

constexpr double kEdge = 0.035;  // width of a part's dark edge, in its frame
constexpr Color kHighlight{255, 255, 255};

/** The upright rectangle around an outline. */
struct Extent {
  Point2 low{1e9, 1e9};
  Point2 high{-1e9, -1e9};
  double width() const { return high.x - low.x; }
  double height() const { return high.y - low.y; }
  Point2 at(double x, double y) const { return {low.x + x * width(), low.y + y * height()}; }
};

Extent box_of(const Outline& outline) {
  Extent box;
  for (const Point2 p : outline) {
    box.low = {std::min(box.low.x, p.x), std::min(box.low.y, p.y)};
    box.high = {std::max(box.high.x, p.x), std::max(box.high.y, p.y)};
  }
  return box;
}

void paint_stripes(const Brush& brush, const Frame& frame, const Extent& box) {
  const auto count = 4 + brush.random.integer(3);
  for (int64_t i = 0; i < count; ++i) {
    const double x =
        (static_cast<double>(i) + brush.random.uniform(0.3, 0.7)) / static_cast<double>(count);
    const double end = brush.random.uniform(0.35, 0.7);
    const double bend = brush.random.uniform(-0.06, 0.06);
    const double width = box.width() * brush.random.uniform(0.025, 0.045);
    const std::vector<Point2> line = {box.at(x, -0.05), box.at(x + bend, end / 2), box.at(x, end)};
    brush.canvas.fill(frame(ribbon(line, width, width / 4)), brush.pet.marks, 0.8);
  }
}

void paint_blots(const Brush& brush, const Frame& frame, const Extent& box, int64_t count,
                 double size) {
  const double unit = std::sqrt(std::max(box.width() * box.height(), 1e-9));
  for (int64_t i = 0; i < count; ++i) {
    const Point2 center = box.at(brush.random.uniform(0.05, 0.95), brush.random.uniform(0.05, 0.9));
    const double radius = unit * size * brush.random.uniform(0.7, 1.3);
    brush.canvas.fill(frame(ellipse(center, radius, radius * brush.random.uniform(0.7, 1),
                                    brush.random.uniform(0, 3))),
                      brush.pet.marks, 0.9);
  }
}

/** Tufts along the edge, as long as the breed is shaggy. */
Outline shaggy(const Outline& outline, const Brush& brush) {
  const double length = 0.07 * brush.pet.breed.fluff;
  if (length < 0.02) return outline;
  const Extent box = box_of(outline);
  const Point2 center = box.at(0.5, 0.5);
  Outline tufted;
  for (size_t i = 0; i < outline.size(); ++i) {
    const Point2 arm = outline[i] - center;
    const double reach = std::max(std::hypot(arm.x, arm.y), 1e-9);
    const double out = i % 2 == 0 ? brush.random.uniform(0.4, 1) : brush.random.uniform(-0.4, 0);
    tufted.push_back(outline[i] + (length * out / reach) * arm);
  }
  return tufted;
}

}  // namespace

Color Brush::extremity() const {
  return pet.breed.pattern == Pattern::points ? pet.marks : pet.coat;
}

void Brush::flat(const Frame& frame, const Outline& outline, Color color) const {
  const Outline place = frame(outline);
  canvas.stroke(place, scaled(color, 0.6), kEdge * frame.scale());
  canvas.fill(place, color);
}

void Brush::fur(const Frame& frame, const Outline& outline) const {
  const Outline place = frame(shaggy(outline, *this));
  canvas.stroke(place, pet.line, kEdge * frame.scale());
  canvas.fill(place, pet.coat);
  const Extent box = box_of(outline);
  canvas.clip(place);
  if (pet.breed.pattern == Pattern::stripes) paint_stripes(*this, frame, box);
  if (pet.breed.pattern == Pattern::spots)
    paint_blots(*this, frame, box, 9 + random.integer(6), 0.055);
  if (pet.breed.pattern == Pattern::patches)
    paint_blots(*this, frame, box, 1 + random.integer(3), 0.24);
  canvas.fill(frame(ellipse(box.at(0.5, 1.0), 0.6 * box.width(), 0.3 * box.height())), pet.line,
              0.18);
  canvas.fill(frame(ellipse(box.at(0.45, 0.16), 0.3 * box.width(), 0.14 * box.height())),
              kHighlight, 0.12);
  canvas.unclip();
}

}  // namespace linnet::detail
