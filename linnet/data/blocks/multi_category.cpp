#include "linnet/data/blocks/multi_category.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/blocks/vocab.h"
#include "linnet/nn/losses/binary_cross_entropy.h"

namespace linnet {

namespace {

constexpr const char* kMultiCategoryWhere = "MultiCategoryBlock";

std::vector<Label> labels_of(const Value& source) {
  const Label label = detail::label_of(source, kMultiCategoryWhere);
  return label.is_list() ? label.labels() : std::vector<Label>{label};
}

// The order of a given vocabulary is kept; a name that comes twice would be two outputs.
void check_vocab(const std::vector<Label>& vocab) {
  if (detail::different(vocab, false).size() == vocab.size()) return;
  throw UsageError(kMultiCategoryWhere, "a label comes twice in the vocabulary");
}

}  // namespace

MultiCategoryBlock::MultiCategoryBlock(MultiCategoryOptions options)
    : options_(std::move(options)) {
  if (!(options_.thresh > 0 && options_.thresh < 1)) {
    throw UsageError(kMultiCategoryWhere,
                     fmt::format("thresh: got {}, expected a probability above 0 and "
                                 "below 1",
                                 options_.thresh));
  }
  if (options_.vocab.empty()) {
    if (options_.encoded) {
      throw UsageError(kMultiCategoryWhere, "encoded labels need a vocabulary: give .vocab");
    }
    return;
  }
  check_vocab(options_.vocab);
  vocab_ = detail::with_na(options_.vocab, options_.add_na);
  index_ = detail::index_of(vocab_);
}

Json MultiCategoryBlock::config() const {
  return Json{{"vocab", detail::to_json(options_.vocab)},
              {"add_na", options_.add_na},
              {"encoded", options_.encoded},
              {"thresh", options_.thresh}};
}

std::shared_ptr<const BlockImpl> MultiCategoryBlock::setup(
    const std::vector<Value>& train_sources) const {
  if (!vocab_.empty()) return nullptr;
  std::vector<Label> all;
  for (const Value& source : train_sources) {
    const auto labels = labels_of(source);
    all.insert(all.end(), labels.begin(), labels.end());
  }
  if (all.empty()) {
    throw DataError(kMultiCategoryWhere,
                    "no training item has a label. Check the label rule and its delimiter.");
  }
  MultiCategoryOptions learned = options_;
  learned.vocab = detail::different(all, true);
  return std::make_shared<MultiCategoryBlock>(std::move(learned));
}

torch::Tensor MultiCategoryBlock::encode_marks(const std::vector<Label>& marks) const {
  if (marks.size() != vocab_.size()) {
    throw DataError(
        kMultiCategoryWhere,
        fmt::format("got {} marks, expected {}, one for each label", marks.size(), vocab_.size()));
  }
  auto encoded = torch::zeros({c()});
  for (size_t i = 0; i < marks.size(); ++i) {
    const bool is_true = marks[i] == Label(true) || marks[i] == Label(1) || marks[i] == Label("1");
    const bool is_false =
        marks[i] == Label(false) || marks[i] == Label(0) || marks[i] == Label("0");
    if (!is_true && !is_false) {
      throw DataError(kMultiCategoryWhere,
                      fmt::format("mark of '{}': got '{}', expected 0 or 1", vocab_[i].text(),
                                  shown_text(marks[i].text())));
    }
    encoded[static_cast<int64_t>(i)] = is_true ? 1 : 0;
  }
  return encoded;
}

Value MultiCategoryBlock::encode(const Value& source) const {
  const auto labels = labels_of(source);
  if (options_.encoded) return encode_marks(labels);
  auto encoded = torch::zeros({c()});
  auto* marks = encoded.data_ptr<float>();
  std::vector<std::string> unknown;
  for (const Label& label : labels) {
    const auto found = index_.find(label);
    if (found == index_.end()) {
      unknown.push_back("'" + shown_text(label.text()) + "'");
    } else {
      marks[found->second] = 1;
    }
  }
  if (unknown.empty()) return encoded;
  throw DataError(kMultiCategoryWhere,
                  fmt::format("labels {} were not included in the training dataset, which has {} "
                              "labels{}. Give them training items, or leave their items out.",
                              join(unknown, ", "), vocab_.size(), detail::listed(vocab_)));
}

std::optional<Loss> MultiCategoryBlock::loss() const {
  return losses::bce_with_logits({.thresh = options_.thresh});
}

Label MultiCategoryBlock::decode(const torch::Tensor& prediction) const {
  std::vector<Label> labels;
  for (int64_t i = 0; i < c(); ++i) {
    if (prediction[i].item<bool>()) labels.push_back(vocab_[static_cast<size_t>(i)]);
  }
  return Label::list(std::move(labels));
}

const Registered<BlockEntry> multi_category_block_entry{
    {"multi_category", [](const Json& config) -> Block {
       return MultiCategoryBlock({.vocab = detail::labels_from_json(config.at("vocab")),
                                  .add_na = config.at("add_na").as_bool(),
                                  .encoded = config.at("encoded").as_bool(),
                                  .thresh = config.at("thresh").as_double()});
     }}};

}  // namespace linnet
