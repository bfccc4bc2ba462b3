#pragma once

#include <cstdint>
#include <initializer_list>

namespace linnet {

/** A small random generator whose whole state is a key and a counter: the n-th number of a key is
 * always the same. Everything random about an item is drawn from `Generator({seed, epoch, item})`,
 * so that the result depends neither on the number of workers nor on their order. Not for
 * cryptography.
 *
 *  source  the mixing function of SplitMix64 (Steele, Lea, Flood 2014)
 */
class Generator {
 public:
  Generator(std::initializer_list<uint64_t> key);

  uint64_t next();
  /** Uniform in [0, 1), 53 bits. */
  double uniform();
  /** Uniform in [low, high). */
  double uniform(double low, double high);
  /** Uniform in 0 .. n-1; n > 0. */
  int64_t integer(int64_t n);
  /** Normal with mean 0 and standard deviation 1. */
  double normal();
  bool bernoulli(double p) { return uniform() < p; }

 private:
  uint64_t key_;
  uint64_t counter_ = 0;
};

}  // namespace linnet
