#include <algorithm>

#include "linnet/data/drawn/pet.h"

namespace linnet::detail {

namespace {

Color random_color(Generator& random, double low, double high) {
  return {random.uniform(low, high), random.uniform(low, high), random.uniform(low, high)};
}

/** Walls and floors are duller than toys. */
Color dull(Color color) {
  const double grey = (color.r + color.g + color.b) / 3;
  return mix(color, {grey, grey, grey}, 0.45);
}

Outline rectangle(double left, double top, double width, double height) {
  return {{left, top}, {left + width, top}, {left + width, top + height}, {left, top + height}};
}

void grass(Canvas& canvas, Generator& random, double from, double to, Color green, int64_t blades) {
  for (int64_t i = 0; i < blades; ++i) {
    const Point2 root{random.uniform(-0.02, 1.02), random.uniform(from, to)};
    const double height = random.uniform(0.03, 0.1);
    const Outline blade = {root + Point2{-0.006, 0},
                           root + Point2{random.uniform(-0.03, 0.03), -height},
                           root + Point2{0.006, 0}};
    canvas.fill(blade, scaled(green, random.uniform(0.75, 1.25)));
  }
}

void tree(Canvas& canvas, Generator& random, double horizon) {
  const double x = random.uniform(0, 1);
  const double height = random.uniform(0.2, 0.5);
  const Color leaves{random.uniform(40, 110), random.uniform(90, 150), random.uniform(40, 80)};
  canvas.fill(rectangle(x - 0.02, horizon - height, 0.04, height + 0.03), {104, 78, 56});
  if (random.bernoulli(0.5)) {
    canvas.fill(
        {{x - 0.14, horizon - 0.1}, {x, horizon - height - 0.16}, {x + 0.14, horizon - 0.1}},
        leaves);
  } else {
    for (int i = 0; i < 4; ++i) {
      canvas.fill(
          ellipse({x + random.uniform(-0.08, 0.08), horizon - height + random.uniform(-0.08, 0.08)},
                  0.11, 0.1),
          scaled(leaves, random.uniform(0.85, 1.1)));
    }
  }
}

void garden(Canvas& canvas, Generator& random) {
  const double horizon = random.uniform(0.35, 0.75);
  const double blue = random.uniform(0, 1);
  canvas.fill_gradient(mix({104, 160, 226}, {236, 176, 140}, blue),
                       mix({214, 232, 246}, {250, 224, 180}, blue));
  for (int64_t i = random.integer(3); i > 0; --i) {
    const Point2 at{random.uniform(0, 1), random.uniform(0.05, 0.3)};
    for (int puff = -1; puff <= 1; ++puff)
      canvas.fill(ellipse(at + Point2{0.07 * puff, 0}, 0.08, 0.05), {250, 250, 252}, 0.8);
  }
  if (random.bernoulli(0.5)) {
    const double x = random.uniform(0.1, 0.9);
    canvas.fill({{x - 0.5, horizon + 0.05},
                 {x, horizon - random.uniform(0.15, 0.3)},
                 {x + 0.5, horizon + 0.05}},
                random_color(random, 90, 160));
  }
  const Color green{random.uniform(70, 150), random.uniform(120, 175), random.uniform(50, 90)};
  canvas.fill(rectangle(-0.1, horizon, 1.2, 1), green);
  for (int64_t i = random.integer(3); i > 0; --i) tree(canvas, random, horizon);
  if (random.bernoulli(0.3)) {
    const Color wood = random_color(random, 130, 220);
    for (double x = random.uniform(-0.1, 0); x < 1; x += 0.12)
      canvas.fill({{x, horizon + 0.06},
                   {x, horizon - 0.16},
                   {x + 0.03, horizon - 0.2},
                   {x + 0.06, horizon - 0.16},
                   {x + 0.06, horizon + 0.06}},
                  wood);
    canvas.fill(rectangle(-0.1, horizon - 0.08, 1.2, 0.03), scaled(wood, 0.85));
  }
  grass(canvas, random, horizon + 0.03, 1.05, green, 60);
}

void room(Canvas& canvas, Generator& random) {
  const double floor = random.uniform(0.5, 0.85);
  const Color wall = dull(random_color(random, 90, 245));
  canvas.fill_gradient(wall, scaled(wall, random.uniform(0.75, 1.1)));
  const Color boards = dull(mix(random_color(random, 60, 210), {170, 124, 84}, 0.4));
  if (random.bernoulli(0.4)) {
    for (double x = random.uniform(0, 0.1); x < 1; x += 0.14)
      canvas.fill(rectangle(x, 0, 0.05, floor), scaled(wall, 0.92));
  }
  canvas.fill(rectangle(-0.1, floor, 1.2, 1), boards);
  for (double y = floor + 0.08; y < 1; y += 0.09)
    canvas.fill(rectangle(-0.1, y, 1.2, 0.008), scaled(boards, 0.8));
  canvas.fill(rectangle(-0.1, floor - 0.02, 1.2, 0.03), scaled(wall, 0.7));
  for (int64_t i = random.integer(3); i > 0; --i) {
    const double x = random.uniform(-0.05, 0.85);
    const double y = random.uniform(0.02, 0.3);
    const double width = random.uniform(0.12, 0.3);
    const double height = random.uniform(0.12, 0.3);
    canvas.fill(rectangle(x, y, width, height), scaled(random_color(random, 60, 200), 0.8));
    canvas.fill(rectangle(x + 0.02, y + 0.02, width - 0.04, height - 0.04),
                random_color(random, 80, 250));
  }
  if (random.bernoulli(0.45)) {
    canvas.fill(ellipse({random.uniform(0.2, 0.8), floor + 0.16}, random.uniform(0.3, 0.6), 0.13),
                random_color(random, 60, 230));
  }
}

void clutter(Canvas& canvas, Generator& random, double low, double high) {
  const Color color = random_color(random, 40, 245);
  const Point2 at{random.uniform(0, 1), random.uniform(low, high)};
  const double size = random.uniform(0.05, 0.12);
  switch (random.integer(5)) {
    case 0:  // a ball
      canvas.fill(ellipse(at, size, size), color);
      canvas.fill(ellipse(at + Point2{-0.3 * size, -0.3 * size}, 0.3 * size, 0.3 * size),
                  {255, 255, 255}, 0.5);
      break;
    case 1:  // a box
      canvas.fill(rectangle(at.x, at.y, 1.6 * size, 1.2 * size), color);
      canvas.fill(rectangle(at.x, at.y, 1.6 * size, 0.3 * size), scaled(color, 0.75));
      break;
    case 2:  // a plant
      canvas.fill({at + Point2{-0.6 * size, 0}, at + Point2{0.6 * size, 0},
                   at + Point2{0.4 * size, size}, at + Point2{-0.4 * size, size}},
                  color);
      for (const double lean : {-0.9, -0.4, 0.1, 0.5, 1.0})
        canvas.fill(ribbon({at, at + Point2{lean * size, -1.2 * size},
                            at + Point2{1.8 * lean * size, -1.7 * size}},
                           0.22 * size, 0.05 * size),
                    {70, 130, 70});
      break;
    case 3:  // a cushion
      canvas.fill(smooth_outline(
                      {at + Point2{-1.3 * size, -0.6 * size}, at + Point2{1.3 * size, -0.6 * size},
                       at + Point2{1.3 * size, 0.6 * size}, at + Point2{-1.3 * size, 0.6 * size}}),
                  color);
      break;
    default:  // a tent or a paper hat: pointed things are not cats
      canvas.fill({at + Point2{-size, size}, at + Point2{0, -size}, at + Point2{size, size}},
                  color);
      break;
  }
}

}  // namespace

void draw_backdrop(Canvas& canvas, Generator& random) {
  if (random.bernoulli(0.5)) {
    garden(canvas, random);
  } else {
    room(canvas, random);
  }
  for (int64_t i = random.integer(3); i > 0; --i) clutter(canvas, random, 0.2, 0.95);
}

void draw_foreground(Canvas& canvas, Generator& random) {
  if (random.bernoulli(0.35))
    grass(canvas, random, 0.95, 1.1, {random.uniform(60, 140), random.uniform(120, 170), 70}, 24);
  if (random.bernoulli(0.35)) clutter(canvas, random, 0.8, 1.0);
}

}  // namespace linnet::detail
