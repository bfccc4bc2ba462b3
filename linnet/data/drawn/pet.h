#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "linnet/core/random.h"
#include "linnet/media/canvas.h"

namespace linnet::detail {

enum class Pattern { plain, stripes, spots, patches, points };
enum class Pose { portrait, sitting, standing, lying };

/** A breed of drawn animal. Every breed of cat has one of dog with the same fur, so that colour and
 * pattern tell nothing of the species. */
struct Breed {
  std::string_view name;  // as Oxford-IIIT Pet writes them: cats begin with a capital letter
  bool is_cat;
  Pattern pattern;
  std::vector<Color> coats;  // one is chosen
  std::vector<Color> marks;  // for the pattern, one is chosen
  double fluff;              // 0 smooth to 1 shaggy
  double ear;                // length
  double muzzle;             // length
};

/** All breeds, cats first; the same number of each species. */
const std::vector<Breed>& drawn_breeds();

/** What is fixed about one animal before it is drawn. */
struct Pet {
  const Breed& breed;
  Pose pose;
  Color coat;
  Color marks;
  Color line;  // of edges: the coat, darkened
  Color skin;  // inside ears
  Color nose;
  Color eyes;
  bool has_bib;   // white chest, muzzle and paws
  double ear;     // length, with this animal's own variation
  double muzzle;  // length
  double head;    // size
};

Pet random_pet(const Breed& breed, Generator& random);

/** Where and with what a part of the animal is drawn. */
struct Brush {
  Canvas& canvas;
  const Pet& pet;
  Generator& random;

  /** A part in the animal's coat: edge, fur and pattern. */
  void fur(const Frame& frame, const Outline& outline) const;
  /** A part of one colour, with the edge. */
  void flat(const Frame& frame, const Outline& outline, Color color) const;
  /** Colour of ears, muzzle, paws and tail, which differ in some coats. */
  Color extremity() const;
};

/** A head seen from the front, or in profile looking right; radius about 1 in the frame. */
void draw_head_front(const Brush& brush, const Frame& frame);
void draw_head_side(const Brush& brush, const Frame& frame);

/** The whole animal in its pose; reaches from about -1 to 1 in the frame. */
void draw_pet(const Brush& brush, const Frame& frame);

/** A room or a garden behind the animal, and things before it; the same for both species. */
void draw_backdrop(Canvas& canvas, Generator& random);
void draw_foreground(Canvas& canvas, Generator& random);

}  // namespace linnet::detail
