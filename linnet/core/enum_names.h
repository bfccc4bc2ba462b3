#pragma once

#include <array>
#include <string_view>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

/** The names of an enum's values, which count from 0.
 *
 *      constexpr EnumNames<PadMode, 3> kPadModes{"pad mode", {"zeros", "border", "reflection"}};
 *      kPadModes.name(PadMode::border);   // "border"
 *      kPadModes.value("reflexion");      // UsageError that offers "reflection"
 */
template <class Enum, size_t count>
struct EnumNames {
  std::string_view kind;
  std::array<std::string_view, count> names;

  constexpr std::string_view name(Enum value) const { return names.at(static_cast<size_t>(value)); }
  Enum value(std::string_view name) const {
    for (size_t i = 0; i < count; ++i) {
      if (names[i] == name) return static_cast<Enum>(i);
    }
    throw UsageError(kind, unknown_name(kind, name, {names.begin(), names.end()}));
  }
};

}  // namespace linnet
