#include "linnet/data/block.h"

#include "linnet/core/error.h"

namespace linnet {

template <>
Registry<BlockEntry>& registry<BlockEntry>() {
  static Registry<BlockEntry> rows("block");
  return rows;
}

std::shared_ptr<const BlockImpl> BlockImpl::setup(const std::vector<Value>&) const {
  return nullptr;
}

void BlockImpl::check(const Value&) const {}

int64_t BlockImpl::c() const {
  throw UsageError("Block", "a block '" + std::string(name()) + "' cannot be a target");
}

Label BlockImpl::decode(const torch::Tensor&) const {
  throw UsageError("Block", "a block '" + std::string(name()) + "' cannot be a target");
}

Block Block::setup(const std::vector<Value>& train_sources) const {
  auto learned = impl_->setup(train_sources);
  return learned ? Block(std::move(learned)) : *this;
}

}  // namespace linnet
