#include "linnet/core/random.h"

#include <cmath>
#include <numbers>

namespace linnet {

namespace {

uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr uint64_t kStep = 0x9e3779b97f4a7c15ULL;

}  // namespace

Generator::Generator(std::initializer_list<uint64_t> key) : key_(0) {
  for (const uint64_t part : key) key_ = mix(key_ + kStep + mix(part + kStep));
}

uint64_t Generator::next() { return mix(key_ + kStep * ++counter_); }

double Generator::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

double Generator::uniform(double low, double high) { return low + (high - low) * uniform(); }

int64_t Generator::integer(int64_t n) {
  return static_cast<int64_t>(uniform() * static_cast<double>(n));
}

double Generator::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace linnet
