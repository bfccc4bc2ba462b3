#include "linnet/data/blocks/category.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/vocab.h"
#include "linnet/nn/losses/cross_entropy.h"

namespace linnet {

CategoryBlock::CategoryBlock(CategoryOptions options) : options_(std::move(options)) {
  if (options_.vocab.empty()) return;
  options_.vocab = detail::different(options_.vocab, options_.sort);
  vocab_ = detail::with_na(options_.vocab, options_.add_na);
  index_ = detail::index_of(vocab_);
}

Json CategoryBlock::config() const {
  return Json{{"vocab", detail::to_json(options_.vocab)}, {"add_na", options_.add_na}};
}

std::shared_ptr<const BlockImpl> CategoryBlock::setup(
    const std::vector<Value>& train_sources) const {
  if (!vocab_.empty()) return nullptr;
  CategoryOptions learned = options_;
  for (const Value& source : train_sources) {
    learned.vocab.push_back(detail::label_of(source, "CategoryBlock"));
  }
  return std::make_shared<CategoryBlock>(std::move(learned));
}

Value CategoryBlock::encode(const Value& source) const {
  const Label label = detail::label_of(source, "CategoryBlock");
  if (const auto found = index_.find(label); found != index_.end()) return found->second;
  if (options_.add_na) return int64_t{0};
  throw DataError("CategoryBlock",
                  fmt::format("label '{}' was not included in the training dataset, which has {} "
                              "classes{}. Give it training items, or leave its items out.",
                              shown_text(label.text()), vocab_.size(), detail::listed(vocab_)));
}

std::optional<Loss> CategoryBlock::loss() const { return losses::cross_entropy(); }

Label CategoryBlock::decode(const torch::Tensor& prediction) const {
  return vocab_.at(static_cast<size_t>(prediction.item<int64_t>()));
}

const Registered<BlockEntry> category_block_entry{
    {"category", [](const Json& config) -> Block {
       return CategoryBlock({.vocab = detail::labels_from_json(config.at("vocab")),
                             .sort = false,
                             .add_na = config.contains("add_na") && config.at("add_na").as_bool()});
     }}};

}  // namespace linnet
