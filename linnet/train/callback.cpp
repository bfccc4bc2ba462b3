#include "linnet/train/callback.h"

#include <c10/util/Type.h>

#include <map>
#include <mutex>
#include <string>
#include <typeindex>

#include "linnet/train/checkpoint.h"

namespace linnet {

namespace {

struct EventRow {
  std::string_view name;
  void (Callback::*method)(Learner&);
};

// In the order of the enumeration.
constexpr std::array<EventRow, 23> kEvents = {{
    {"before_fit", &Callback::before_fit},
    {"before_epoch", &Callback::before_epoch},
    {"before_train", &Callback::before_train},
    {"before_batch", &Callback::before_batch},
    {"after_pred", &Callback::after_pred},
    {"after_loss", &Callback::after_loss},
    {"before_backward", &Callback::before_backward},
    {"after_cancel_backward", &Callback::after_cancel_backward},
    {"after_backward", &Callback::after_backward},
    {"before_step", &Callback::before_step},
    {"after_cancel_step", &Callback::after_cancel_step},
    {"after_step", &Callback::after_step},
    {"after_cancel_batch", &Callback::after_cancel_batch},
    {"after_batch", &Callback::after_batch},
    {"after_cancel_train", &Callback::after_cancel_train},
    {"after_train", &Callback::after_train},
    {"before_validate", &Callback::before_validate},
    {"after_cancel_validate", &Callback::after_cancel_validate},
    {"after_validate", &Callback::after_validate},
    {"after_cancel_epoch", &Callback::after_cancel_epoch},
    {"after_epoch", &Callback::after_epoch},
    {"after_cancel_fit", &Callback::after_cancel_fit},
    {"after_fit", &Callback::after_fit},
}};

const EventRow& row_of(Event event) { return kEvents.at(static_cast<size_t>(event)); }

}  // namespace

std::string_view to_string(Event event) { return row_of(event).name; }

std::string_view Callback::name() const {
  static std::mutex mutex;
  static std::map<std::type_index, std::string> names;  // whose texts stay where they are
  const std::lock_guard lock(mutex);
  const auto& type = typeid(*this);
  return names.try_emplace(type, c10::demangle(type.name())).first->second;
}

void Callback::call(Event event, Learner& learn) { (this->*row_of(event).method)(learn); }

PartState Callback::state(const Learner&) const { return {}; }

}  // namespace linnet
