#pragma once

#include <csetjmp>

namespace linnet::detail {

/** libjpeg and libpng report errors by longjmp. Runs `step`, which may only have locals without
 * destructors, since the jump leaves them; true when it came to its end, false after a jump to
 * `target`. */
template <class Step>
bool finishes(std::jmp_buf& target, const Step& step) {
  // NOLINTNEXTLINE(cert-err52-cpp, modernize-avoid-setjmp-longjmp): the way out of both libraries
  if (setjmp(target) != 0) return false;
  step();
  return true;
}

}  // namespace linnet::detail
