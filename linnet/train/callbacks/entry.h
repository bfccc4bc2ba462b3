#pragma once

#include <memory>
#include <string_view>

#include "linnet/core/registry.h"
#include "linnet/train/callback.h"

namespace linnet {

/** A callback that can be made without arguments: listings and the contract test read these rows.
 */
struct CallbackEntry {
  std::string_view name;
  std::shared_ptr<Callback> (*make)();
};
template <>
Registry<CallbackEntry>& registry<CallbackEntry>();

/** The row of a callback class that has defaults for all its options. */
template <class CallbackType>
constexpr CallbackEntry callback_entry(std::string_view name) {
  return {name, []() -> std::shared_ptr<Callback> { return std::make_shared<CallbackType>(); }};
}

}  // namespace linnet
