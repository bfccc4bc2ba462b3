#pragma once

#include <cstdint>
#include <memory>

#include "linnet/media/image.h"
#include "linnet/media/outline.h"

namespace linnet {

/** Red, green and blue, 0 to 255. */
struct Color {
  double r = 0;
  double g = 0;
  double b = 0;
};

/** Between `a` (share 0) and `b` (share 1). */
Color mix(Color a, Color b, double share);
/** `factor` below 1 is darker, above 1 lighter; what passes 255 stays there. */
Color scaled(Color color, double factor);

/** A square picture that shapes are painted on, one over another, with smooth edges. Coordinates
 * are fractions of the side: (0, 0) is the upper left corner, (1, 1) the lower right one; shapes
 * may reach beyond. Painting is integer arithmetic, so equal calls give equal pixels.
 *
 *      Canvas canvas(96, {200, 220, 255});
 *      canvas.fill(ellipse({0.5, 0.5}, 0.3, 0.2), {240, 120, 40});
 *      Image picture = canvas.image();
 */
class Canvas {
 public:
  /** `side` in pixels, 1 to 4096; else UsageError. */
  Canvas(int64_t side, Color background);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  /** Paints the inside of an outline; `opacity` 0 to 1. */
  void fill(const Outline& outline, Color color, double opacity = 1);
  /** Paints a line of that width along an outline's edge. */
  void stroke(const Outline& outline, Color color, double width);
  /** Paints everything, from one colour at the top to another at the bottom. */
  void fill_gradient(Color top, Color bottom);
  /** Multiplies the brightness, from one factor at the left edge to another at the right. */
  void light(double left, double right);
  /** From now on only what is inside this outline is painted. */
  void clip(const Outline& outline);
  void unclip();

  /** The picture so far, softened by a Gaussian of that many pixels (0: not at all). */
  Image image(double blur = 0) const;

 private:
  struct Pixels;
  void paint_mask(const Outline& outline, Color color, double opacity, double stroke_width);
  std::unique_ptr<Pixels> pixels_;
};

}  // namespace linnet
