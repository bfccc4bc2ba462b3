#include "linnet/train/callbacks/entry.h"

namespace linnet {

template <>
Registry<CallbackEntry>& registry<CallbackEntry>() {
  static Registry<CallbackEntry> rows("callback");
  return rows;
}

}  // namespace linnet
