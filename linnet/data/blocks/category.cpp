#include "linnet/data/blocks/category.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/nn/losses/cross_entropy.h"

namespace linnet {

namespace {

struct LabelOrder {
  bool operator()(const Label& a, const Label& b) const { return (a <=> b) < 0; }
};

Block make_category(const Json& config) {
  std::vector<Label> vocab;
  for (const Json& label : config.at("vocab").as_array()) vocab.push_back(Label::from_json(label));
  return CategoryBlock(std::move(vocab));
}

}  // namespace

CategoryBlock::CategoryBlock(std::vector<Label> vocab) : vocab_(std::move(vocab)) {
  std::sort(vocab_.begin(), vocab_.end(), LabelOrder{});
}

Json CategoryBlock::config() const {
  Json vocab(Json::Array{});
  for (const Label& label : vocab_) vocab.push_back(label.to_json());
  return Json{{"vocab", vocab}};
}

std::shared_ptr<const BlockImpl> CategoryBlock::setup(
    const std::vector<Value>& train_sources) const {
  if (!vocab_.empty()) return nullptr;
  std::set<Label, LabelOrder> labels;
  for (const Value& source : train_sources) labels.insert(std::get<Label>(source));
  return std::make_shared<CategoryBlock>(std::vector<Label>(labels.begin(), labels.end()));
}

Value CategoryBlock::encode(const Value& source) const {
  const auto& label = std::get<Label>(source);
  const auto at = std::lower_bound(vocab_.begin(), vocab_.end(), label, LabelOrder{});
  if (at == vocab_.end() || *at != label) {
    std::vector<std::string> known;
    for (const Label& l : vocab_) known.push_back(l.text());
    throw DataError("CategoryBlock",
                    fmt::format("label '{}' was not included in the training data, which has {} "
                                "classes{}. Give it training items, or leave its items out.",
                                label.text(), known.size(),
                                known.size() <= 10 ? " (" + join(known, ", ") + ")" : ""));
  }
  return static_cast<int64_t>(at - vocab_.begin());
}

std::optional<Loss> CategoryBlock::loss() const { return losses::cross_entropy(); }

Label CategoryBlock::decode(const torch::Tensor& prediction) const {
  return vocab_.at(static_cast<size_t>(prediction.item<int64_t>()));
}

const Registered<BlockEntry> category_block_entry{{"category", make_category}};

}  // namespace linnet
