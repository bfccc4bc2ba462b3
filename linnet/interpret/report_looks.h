#pragma once

#include <cstdint>
#include <string>

#include "linnet/interpret/interpretation.h"
#include "linnet/train/learner.h"

namespace linnet {

struct LooksOptions {
  int64_t explained = 4;  // of the worst and of the best pictures each
  int64_t channels = 3;   // of each layer
  int64_t pictures = 64;  // at most so many are searched for what excites a channel
};

/** What a picture recogniser looks at, as HTML: where in the worst and the best pictures it sees
 * what it says (Grad-CAM), and what excites its layers. Says so for networks of another make and
 * for pictures that are not files. */
std::string looks_html(const Learner& learn, const Interpretation& interp,
                       const LooksOptions& options = {});

}  // namespace linnet
