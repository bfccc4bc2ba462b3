#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "linnet/io/pickle.h"

namespace linnet::detail {

/** The bytes of a pickle, taken from the front; the end of them is a DataError. */
class PickleInput {
 public:
  PickleInput(std::string_view bytes, const PickleOptions& options);

  std::string_view take(uint64_t count);
  unsigned byte();
  /** An unsigned number of `count` bytes, at most 8. */
  uint64_t little_endian(size_t count);
  double big_endian_double();
  /** Up to the next line end, which is taken too. */
  std::string_view line();

  size_t position() const { return at_; }
  /** Throws a DataError of that text. */
  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::string_view bytes_;
  const PickleOptions& options_;
  size_t at_ = 0;
};

/** Whether a name ("torch.FloatStorage") is one of those that plain data and weights consist of. */
bool is_plain_pickle_name(std::string_view name);

/** UTF-8 whose code points are below 256, as one byte each, which is how protocol 2 spells bytes.
 * DataError for other text. */
std::string latin1_of(std::string_view utf8, const PickleInput& input);

}  // namespace linnet::detail
