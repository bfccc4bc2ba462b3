#include "linnet/nn/loss.h"

namespace linnet {

template <>
Registry<LossEntry>& registry<LossEntry>() {
  static Registry<LossEntry> rows("loss");
  return rows;
}

Loss make_loss(std::string_view name, const Json& config) {
  return registry<LossEntry>().at(name).make(config);
}

}  // namespace linnet
