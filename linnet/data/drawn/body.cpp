#include <algorithm>

#include "linnet/data/drawn/pet.h"

namespace linnet::detail {

namespace {

constexpr Color kBib{248, 246, 240};

Color paw_color(const Brush& brush) { return brush.pet.has_bib ? kBib : brush.extremity(); }

void leg(const Brush& brush, const Frame& frame, Point2 hip, Point2 foot, double width) {
  const Point2 knee = 0.5 * (hip + foot) + Point2{brush.random.uniform(-0.04, 0.04), 0};
  brush.flat(frame, ribbon({hip, knee, foot}, width, width * 0.8), brush.pet.coat);
  brush.flat(frame, ellipse(foot + Point2{0.03, 0.01}, width * 1.25, width * 0.8),
             paw_color(brush));
}

/** A cat's tail is long, thin and curled at its end; a dog's short and tapering. */
void tail(const Brush& brush, const Frame& frame, Point2 root, double lift) {
  const double bend = brush.random.uniform(0.7, 1.3);
  const Frame at = frame.at(root, {.angle = lift});
  const double width = 0.075 * (1 + 0.8 * brush.pet.breed.fluff);
  if (brush.pet.breed.is_cat) {
    brush.flat(at,
               ribbon({{0.1, 0},
                       {-0.25, -0.08},
                       {-0.42, -0.4 * bend},
                       {-0.34, -0.75},
                       {-0.5, -0.95},
                       {-0.66, -0.86}},
                      width, width * 0.75),
               brush.extremity());
  } else {
    brush.flat(at,
               ribbon({{0.1, 0}, {-0.14, -0.1}, {-0.3, -0.28 * bend}, {-0.36, -0.46}}, width * 1.2,
                      width * 0.4),
               brush.extremity());
  }
}

void bib(const Brush& brush, const Frame& frame, Point2 center, double width, double height) {
  if (brush.pet.has_bib) brush.canvas.fill(frame(ellipse(center, width, height)), kBib, 0.95);
}

void draw_portrait(const Brush& brush, const Frame& frame) {
  const double width = brush.random.uniform(0.66, 0.86);
  brush.fur(frame, smooth_outline({{-0.4, 0.2},
                                   {0.4, 0.2},
                                   {width, 0.8},
                                   {width + 0.1, 1.8},
                                   {-width - 0.1, 1.8},
                                   {-width, 0.8}}));
  bib(brush, frame, {0, 1.0}, 0.34, 0.5);
  draw_head_front(brush, frame.at({0, -0.22}, {.scale = 0.74 * brush.pet.head,
                                               .angle = brush.random.uniform(-0.25, 0.25)}));
}

void draw_sitting(const Brush& brush, const Frame& frame) {
  tail(brush, frame, {-0.36, 0.72}, brush.random.uniform(-0.5, 0.3));
  brush.fur(frame, smooth_outline({{-0.2, -0.3},
                                   {0.2, -0.3},
                                   {0.4, 0.2},
                                   {0.54, 0.7},
                                   {0.36, 0.9},
                                   {-0.36, 0.9},
                                   {-0.54, 0.7},
                                   {-0.4, 0.2}}));
  for (const double side : {-1.0, 1.0}) {
    brush.fur(frame, ellipse({side * 0.42, 0.66}, 0.2, 0.26, side * 0.3));
    brush.flat(frame, ellipse({side * 0.46, 0.9}, 0.18, 0.09), paw_color(brush));
  }
  bib(brush, frame, {0, 0.2}, 0.2, 0.3);
  for (const double side : {-1.0, 1.0})
    leg(brush, frame, {side * 0.15, 0.22}, {side * 0.17, 0.88}, 0.11);
  draw_head_front(brush, frame.at({0, -0.42}, {.scale = 0.6 * brush.pet.head,
                                               .angle = brush.random.uniform(-0.3, 0.3)}));
}

void draw_standing(const Brush& brush, const Frame& page) {
  const Frame frame = page.at({-0.18, 0}, {.scale = 0.92});  // room before the muzzle
  const double step = brush.random.uniform(-0.1, 0.1);
  tail(brush, frame, {-0.64, 0.06}, brush.random.uniform(-0.3, 0.5));
  leg(brush, frame, {-0.36, 0.3}, {-0.3 - step, 0.86}, 0.1);
  leg(brush, frame, {0.3, 0.3}, {0.24 + step, 0.86}, 0.1);
  brush.fur(frame, smooth_outline({{-0.7, 0.04},
                                   {-0.3, -0.16},
                                   {0.2, -0.14},
                                   {0.5, -0.24},
                                   {0.66, 0.1},
                                   {0.4, 0.42},
                                   {-0.1, 0.38},
                                   {-0.56, 0.42}}));
  leg(brush, frame, {-0.5, 0.28}, {-0.54 + step, 0.9}, 0.12);
  leg(brush, frame, {0.42, 0.28}, {0.44 - step, 0.9}, 0.11);
  bib(brush, frame, {0.52, 0.12}, 0.13, 0.2);
  const double angle = brush.random.uniform(-0.25, 0.25);
  if (brush.random.bernoulli(0.5)) {
    draw_head_side(brush, frame.at({0.56, -0.36}, {.scale = 0.5 * brush.pet.head, .angle = angle}));
  } else {
    draw_head_front(brush,
                    frame.at({0.56, -0.36}, {.scale = 0.54 * brush.pet.head, .angle = angle}));
  }
}

void draw_lying(const Brush& brush, const Frame& page) {
  const Frame frame = page.at({-0.06, -0.1});
  tail(brush, frame, {-0.78, 0.5}, brush.random.uniform(-0.2, 0.5));
  brush.fur(frame, smooth_outline({{-0.86, 0.5},
                                   {-0.6, 0.14},
                                   {0.0, 0.1},
                                   {0.5, 0.06},
                                   {0.74, 0.4},
                                   {0.6, 0.74},
                                   {-0.7, 0.76}}));
  brush.fur(frame, ellipse({-0.54, 0.5}, 0.28, 0.24, 0.2));
  brush.flat(frame, ribbon({{-0.5, 0.72}, {-0.2, 0.74}}, 0.09, 0.08), paw_color(brush));
  bib(brush, frame, {0.5, 0.5}, 0.2, 0.2);
  brush.flat(frame, ribbon({{0.34, 0.66}, {0.6, 0.76}, {0.86, 0.76}}, 0.11, 0.1), paw_color(brush));
  brush.flat(frame, ribbon({{0.16, 0.66}, {0.3, 0.8}, {0.56, 0.82}}, 0.11, 0.1), paw_color(brush));
  draw_head_front(brush, frame.at({0.36, -0.08}, {.scale = 0.62 * brush.pet.head,
                                                  .angle = brush.random.uniform(-0.35, 0.35)}));
}

}  // namespace

void draw_pet(const Brush& brush, const Frame& frame) {
  switch (brush.pet.pose) {
    case Pose::portrait:
      return draw_portrait(brush, frame);
    case Pose::sitting:
      return draw_sitting(brush, frame);
    case Pose::standing:
      return draw_standing(brush, frame);
    case Pose::lying:
      return draw_lying(brush, frame);
  }
}

}  // namespace linnet::detail
