#include "linnet/data/drawn/pet.h"

namespace linnet::detail {

namespace {

constexpr Color kPupil{22, 18, 20};
constexpr Color kWhite{250, 248, 244};
constexpr Color kMouth{96, 52, 52};
constexpr Color kTongue{222, 108, 116};
constexpr Color kWhisker{240, 238, 232};

/** A cat's ear: a triangle that stands up from `base`; `side` -1 is left. */
void pointed_ear(const Brush& brush, const Frame& frame, Point2 base, double lean) {
  const double length = 0.98 * brush.pet.ear;
  const Frame ear = frame.at(base, {.angle = lean});
  brush.flat(ear,
             {{-0.4, 0.2},
              {-0.3, -0.3 * length},
              {-0.02, -length},
              {0.06, -length},
              {0.3, -0.3 * length},
              {0.42, 0.2}},
             brush.extremity());
  brush.canvas.fill(ear({{-0.22, 0.1}, {0.01, -0.74 * length}, {0.22, 0.1}}), brush.pet.skin);
}

/** A dog's ear: a flap that hangs down from `base`, outwards by `side` (-1 or 1). */
void hanging_ear(const Brush& brush, const Frame& frame, Point2 base, double side, double swing) {
  const double length = 1.3 * brush.pet.ear;
  const Frame ear = frame.at(base, {.angle = swing, .mirrored = side < 0});
  const Outline flap = smooth_outline({{-0.12, -0.06},
                                       {0.16, -0.14},
                                       {0.42, 0.12},
                                       {0.5, 0.6 * length},
                                       {0.28, length},
                                       {0.02, 0.86 * length},
                                       {-0.06, 0.4 * length}});
  const Color color = brush.pet.breed.pattern == Pattern::patches ? brush.pet.marks
                                                                  : scaled(brush.extremity(), 0.86);
  brush.flat(ear, flap, color);
}

void eye(const Brush& brush, const Frame& frame, Point2 place, double size, bool slit) {
  const Frame at = frame.at(place, {.scale = size});
  brush.canvas.fill(at(ellipse({0, 0}, 1.2, slit ? 1.0 : 1.15)), kPupil);
  brush.canvas.fill(at(ellipse({0, 0}, 1, slit ? 0.82 : 0.95)), brush.pet.eyes);
  brush.canvas.fill(at(ellipse({0, 0}, slit ? 0.3 : 0.62, slit ? 0.8 : 0.66)), kPupil);
  brush.canvas.fill(at(ellipse({0.3, -0.35}, 0.24, 0.24)), kWhite);
}

void whiskers(const Brush& brush, const Frame& frame, Point2 root, double side) {
  for (const double tilt : {-0.22, 0.0, 0.24}) {
    const double reach = side * brush.random.uniform(0.75, 1.0);
    const Outline hair =
        ribbon({root, root + Point2{reach * 0.5, tilt * 0.4 - 0.04}, root + Point2{reach, tilt}},
               0.018, 0.008);
    brush.canvas.fill(frame(hair), mix(kWhisker, brush.pet.line, 0.15), 0.9);
  }
}

bool has_points(const Brush& brush) { return brush.pet.breed.pattern == Pattern::points; }

Color muzzle_color(const Brush& brush) {
  if (brush.pet.has_bib) return kWhite;
  return has_points(brush) ? brush.pet.marks : mix(brush.pet.coat, kWhite, 0.22);
}

/** The dark face of a coat with points, over the muzzle and around the nose. */
void mask(const Brush& brush, const Frame& frame, Point2 center, double radius_x, double radius_y) {
  if (!has_points(brush)) return;
  brush.canvas.fill(frame(ellipse(center, 1.25 * radius_x, 1.2 * radius_y)), brush.pet.marks, 0.35);
  brush.canvas.fill(frame(ellipse(center, radius_x, radius_y)), brush.pet.marks, 0.85);
}

void cat_face(const Brush& brush, const Frame& frame) {
  const Color muzzle = muzzle_color(brush);
  mask(brush, frame, {0, 0.26}, 0.48, 0.46);
  for (const double side : {-1.0, 1.0}) {
    eye(brush, frame, {side * 0.4, -0.08}, 0.19, true);
    brush.canvas.fill(frame(ellipse({side * 0.15, 0.42}, 0.22, 0.17)), muzzle);
  }
  const Point2 nose{0, 0.26};
  brush.canvas.fill(frame({{-0.12, 0.2}, {0.12, 0.2}, {0.0, 0.36}}), brush.pet.nose);
  for (const double side : {-1.0, 1.0}) {
    brush.canvas.fill(
        frame(ribbon({nose + Point2{0, 0.1}, {side * 0.08, 0.48}, {side * 0.22, 0.47}}, 0.022,
                     0.012)),
        kMouth);
    whiskers(brush, frame, {side * 0.28, 0.42}, side);
  }
}

void dog_face(const Brush& brush, const Frame& frame) {
  const double drop = 0.1 * (brush.pet.muzzle - 1);
  mask(brush, frame, {0, 0.36}, 0.5, 0.52);
  for (const double side : {-1.0, 1.0}) eye(brush, frame, {side * 0.34, -0.16}, 0.15, false);
  if (brush.random.bernoulli(0.45)) {
    brush.flat(frame,
               smooth_outline({{-0.14, 0.62}, {0.14, 0.62}, {0.15, 0.98}, {0, 1.1}, {-0.15, 0.98}}),
               kTongue);
  }
  brush.flat(frame,
             smooth_outline({{-0.24, 0.02},
                             {0.24, 0.02},
                             {0.46, 0.42},
                             {0.36, 0.8 + drop},
                             {0, 0.86 + drop},
                             {-0.36, 0.8 + drop},
                             {-0.46, 0.42}}),
             muzzle_color(brush));
  brush.canvas.fill(frame(ellipse({0, 0.2 + drop}, 0.21, 0.15)), brush.pet.nose);
  brush.canvas.fill(frame(ellipse({0.05, 0.14 + drop}, 0.06, 0.03)), kWhite, 0.6);
  for (const double side : {-1.0, 1.0}) {
    brush.canvas.fill(
        frame(ribbon({{0, 0.3 + drop}, {side * 0.03, 0.56 + drop}, {side * 0.3, 0.62 + drop}},
                     0.026, 0.014)),
        kMouth);
  }
}

}  // namespace

void draw_head_front(const Brush& brush, const Frame& frame) {
  const double turn = brush.random.uniform(-0.12, 0.12);  // the face looks a little aside
  const Frame face = frame.at({turn, 0});
  if (brush.pet.breed.is_cat) {
    const double lean = brush.random.uniform(0.28, 0.5);
    pointed_ear(brush, frame, {-0.58, -0.5}, -lean);
    pointed_ear(brush, frame, {0.58, -0.5}, lean);
    brush.fur(frame, smooth_outline({{0, -0.8},
                                     {0.62, -0.62},
                                     {0.96, -0.02},
                                     {0.86, 0.42},
                                     {0.42, 0.78},
                                     {0, 0.84},
                                     {-0.42, 0.78},
                                     {-0.86, 0.42},
                                     {-0.96, -0.02},
                                     {-0.62, -0.62}}));
    cat_face(brush, face);
    return;
  }
  brush.fur(frame, smooth_outline({{0, -0.86},
                                   {0.5, -0.76},
                                   {0.8, -0.28},
                                   {0.74, 0.3},
                                   {0.5, 0.76},
                                   {0, 0.94},
                                   {-0.5, 0.76},
                                   {-0.74, 0.3},
                                   {-0.8, -0.28},
                                   {-0.5, -0.76}}));
  dog_face(brush, face);
  const double swing = brush.random.uniform(-0.1, 0.3);
  hanging_ear(brush, frame, {-0.62, -0.56}, -1, swing);
  hanging_ear(brush, frame, {0.62, -0.56}, 1, -swing + brush.random.uniform(-0.1, 0.1));
}

void draw_head_side(const Brush& brush, const Frame& frame) {
  if (brush.pet.breed.is_cat) {
    pointed_ear(brush, frame, {0.2, -0.56}, 0.24);
    brush.flat(frame,
               smooth_outline({{0.5, 0.0}, {0.98, 0.12}, {1.08, 0.34}, {0.9, 0.56}, {0.4, 0.66}}),
               muzzle_color(brush));
    brush.fur(frame, ellipse({0, 0}, 0.86, 0.78));
    brush.canvas.fill(frame(ellipse({0.78, 0.32}, 0.28, 0.2)), muzzle_color(brush));
    pointed_ear(brush, frame, {-0.26, -0.56}, -0.1);
    eye(brush, frame, {0.46, -0.06}, 0.18, true);
    brush.canvas.fill(frame({{0.98, 0.12}, {1.12, 0.16}, {1.04, 0.3}}), brush.pet.nose);
    whiskers(brush, frame, {0.7, 0.36}, -1);
    whiskers(brush, frame, {0.86, 0.36}, 1);
    return;
  }
  const double reach = 0.8 + 0.75 * brush.pet.muzzle;
  if (brush.random.bernoulli(0.4)) {
    brush.flat(frame,
               smooth_outline({{reach - 0.4, 0.5},
                               {reach - 0.1, 0.5},
                               {reach - 0.06, 0.86},
                               {reach - 0.2, 1.0},
                               {reach - 0.34, 0.86}}),
               kTongue);
  }
  brush.flat(frame,
             smooth_outline({{0.4, -0.22},
                             {reach - 0.1, 0.02},
                             {reach, 0.2},
                             {reach - 0.06, 0.5},
                             {0.7, 0.62},
                             {0.2, 0.66}}),
             muzzle_color(brush));
  brush.fur(frame, ellipse({0, 0}, 0.8, 0.76));
  brush.canvas.fill(
      frame(ribbon({{reach - 0.06, 0.4}, {reach - 0.4, 0.44}, {0.66, 0.4}}, 0.02, 0.02)), kMouth);
  brush.canvas.fill(frame(ellipse({reach - 0.04, 0.1}, 0.16, 0.13)), brush.pet.nose);
  eye(brush, frame, {0.42, -0.2}, 0.14, false);
  hanging_ear(brush, frame, {-0.2, -0.5}, -1, brush.random.uniform(-0.3, 0.2));
}

}  // namespace linnet::detail
