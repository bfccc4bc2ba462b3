#include "linnet/app/model_use.h"

#include <fmt/format.h>

#include "linnet/core/error.h"

namespace linnet {

template <>
Registry<ModelUse>& registry<ModelUse>() {
  static Registry<ModelUse> rows("kind of model");
  return rows;
}

const ModelUse& use_of(const Learner& learn, std::string_view where) {
  const Json* kind = learn.model_config.is_null() ? nullptr : learn.model_config.find("kind");
  const std::string name = kind != nullptr ? kind->as_string() : "of one's own";
  if (const ModelUse* use = registry<ModelUse>().find(name)) return *use;
  throw UsageError(where, fmt::format("a model {} is used by its own program only", name));
}

}  // namespace linnet
