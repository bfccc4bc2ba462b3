#include "linnet/data/drawn/pet.h"

#include <algorithm>

namespace linnet::detail {

namespace {

constexpr Color kFurWhite{244, 240, 232};
constexpr Color kCream{226, 204, 168};
constexpr Color kOrange{214, 136, 66};
constexpr Color kRust{170, 92, 44};
constexpr Color kBrown{134, 98, 66};
constexpr Color kChocolate{82, 54, 40};
constexpr Color kGrey{134, 138, 148};
constexpr Color kDarkGrey{84, 86, 94};
constexpr Color kBlack{48, 44, 46};

std::vector<Breed> make_breeds() {
  using enum Pattern;
  return {
      {"Tabby", true, stripes, {kBrown, kGrey, kCream}, {kChocolate, kBlack}, 0.25, 1.0, 1.0},
      {"Bombay", true, plain, {kBlack, kChocolate}, {kBlack}, 0.1, 1.05, 1.0},
      {"Siamese", true, points, {kCream, kFurWhite}, {kChocolate, kBlack}, 0.1, 1.2, 1.15},
      {"Calico", true, patches, {kFurWhite, kCream}, {kOrange, kRust, kBlack}, 0.3, 1.0, 1.0},
      {"Persian", true, plain, {kFurWhite, kCream, kOrange}, {kCream}, 1.0, 0.85, 0.8},
      {"Bengal", true, spots, {kOrange, kCream, kFurWhite}, {kChocolate, kBlack}, 0.15, 1.0, 1.05},
      {"Russian_Blue", true, plain, {kGrey, kDarkGrey}, {kGrey}, 0.2, 1.1, 1.0},
      {"Abyssinian", true, plain, {kOrange, kRust, kBrown}, {kRust}, 0.2, 1.2, 1.1},
      {"boxer", false, stripes, {kBrown, kGrey, kCream}, {kChocolate, kBlack}, 0.25, 0.8, 0.8},
      {"labrador", false, plain, {kBlack, kChocolate}, {kBlack}, 0.1, 0.95, 1.1},
      {"pug", false, points, {kCream, kFurWhite}, {kChocolate, kBlack}, 0.1, 0.8, 0.75},
      {"beagle", false, patches, {kFurWhite, kCream}, {kOrange, kRust, kBlack}, 0.3, 1.2, 1.1},
      {"poodle", false, plain, {kFurWhite, kCream, kOrange}, {kCream}, 1.0, 1.15, 1.05},
      {"dalmatian",
       false,
       spots,
       {kOrange, kCream, kFurWhite},
       {kChocolate, kBlack},
       0.15,
       1.0,
       1.2},
      {"weimaraner", false, plain, {kGrey, kDarkGrey}, {kGrey}, 0.2, 1.15, 1.25},
      {"vizsla", false, plain, {kOrange, kRust, kBrown}, {kRust}, 0.2, 1.1, 1.2},
  };
}

const Color& chosen(const std::vector<Color>& colors, Generator& random) {
  return colors[static_cast<size_t>(random.integer(static_cast<int64_t>(colors.size())))];
}

Color varied(Color color, Generator& random) {
  const double light = random.uniform(0.85, 1.12);
  const auto shade = [&](double v) {
    return std::clamp(v * light + random.uniform(-9, 9), 0.0, 255.0);
  };
  return {shade(color.r), shade(color.g), shade(color.b)};
}

Pose random_pose(Generator& random) {
  const double share = random.uniform();
  if (share < 0.35) return Pose::portrait;
  if (share < 0.6) return Pose::sitting;
  return share < 0.82 ? Pose::standing : Pose::lying;
}

}  // namespace

const std::vector<Breed>& drawn_breeds() {
  static const std::vector<Breed> breeds = make_breeds();
  return breeds;
}

Pet random_pet(const Breed& breed, Generator& random) {
  static const std::vector<Color> kNoses = {{58, 46, 46}, {40, 34, 36}, {196, 124, 118}};
  static const std::vector<Color> kEyes = {
      {226, 168, 54}, {170, 104, 46}, {120, 170, 206}, {150, 172, 88}};
  const Color coat = varied(chosen(breed.coats, random), random);
  return {.breed = breed,
          .pose = random_pose(random),
          .coat = coat,
          .marks = varied(chosen(breed.marks, random), random),
          .line = scaled(coat, 0.55),
          .skin = mix(coat, {222, 150, 146}, 0.6),
          .nose = chosen(kNoses, random),
          .eyes = chosen(kEyes, random),
          .has_bib = breed.pattern != Pattern::points && random.bernoulli(0.3),
          .ear = breed.ear * random.uniform(0.88, 1.15),
          .muzzle = breed.muzzle * random.uniform(0.9, 1.12),
          .head = random.uniform(0.92, 1.12)};
}

}  // namespace linnet::detail
