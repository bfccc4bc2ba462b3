#pragma once

#include <vector>

namespace linnet {

/** A place on a plane, x to the right, y down. */
struct Point2 {
  double x = 0;
  double y = 0;
  friend Point2 operator+(Point2 a, Point2 b) { return {a.x + b.x, a.y + b.y}; }
  friend Point2 operator-(Point2 a, Point2 b) { return {a.x - b.x, a.y - b.y}; }
  friend Point2 operator*(double factor, Point2 p) { return {factor * p.x, factor * p.y}; }
};

/** The corners of a closed polygon. */
using Outline = std::vector<Point2>;

/** Local coordinates on a plane: a drawing made of parts places each part in a frame of its own.
 *
 *      Frame page;                                       // the plane itself
 *      Frame head = page.at({0.5, 0.3}, {.scale = 0.2, .angle = 0.1});
 *      Canvas canvas(96, {200, 220, 255});
 *      canvas.fill(head(ellipse({0, 0}, 1, 0.9)), {240, 120, 40});  // 0.2 wide on the page
 */
class Frame {
 public:
  struct Change {
    double scale = 1;
    double angle = 0;  // radians, clockwise as y points down
    bool mirrored = false;
  };

  /** A frame in this one, its origin at `origin`. */
  Frame at(Point2 origin, Change change) const;
  Frame at(Point2 origin) const { return at(origin, {}); }
  Point2 operator()(Point2 p) const;
  Outline operator()(const Outline& outline) const;
  /** How much longer a length is on the plane. */
  double scale() const;

 private:
  Point2 origin_;
  Point2 x_{1, 0};  // where the unit vectors lead
  Point2 y_{0, 1};
};

Outline ellipse(Point2 center, double radius_x, double radius_y, double angle = 0);

/** A closed curve through the points (Catmull-Rom). At least 3 points; else UsageError. */
Outline smooth_outline(const std::vector<Point2>& points);

/** A band along a smooth curve through the points, from one half-width to another, with round ends:
 * a leg, a tail, a whisker. At least 2 points; else UsageError. */
Outline ribbon(const std::vector<Point2>& points, double half_width_begin, double half_width_end);

}  // namespace linnet
