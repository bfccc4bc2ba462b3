#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/core/registry.h"
#include "linnet/data/transform.h"
#include "linnet/data/value.h"
#include "linnet/nn/loss.h"

namespace linnet {

/** One input or target of a task: what a source (a path, a label) becomes, and how a prediction
 * reads. Immutable: `setup` gives a new block that knows the training data (its vocabulary, say).
 */
class BlockImpl {
 public:
  virtual ~BlockImpl() = default;
  /** The name of its registry row. */
  virtual std::string_view name() const = 0;
  virtual Kind kind() const = 0;
  /** What the registry row needs to make it again, vocabulary included. */
  virtual Json config() const { return Json::object(); }
  /** A block that has seen the sources of the training items; null when there is nothing to learn
   * from them. */
  virtual std::shared_ptr<const BlockImpl> setup(const std::vector<Value>& train_sources) const;
  /** A source as the value that transforms work on: a path as its picture, a label as its class
   * index. */
  virtual Value encode(const Value& source) const = 0;
  /** A cheap look at a source before anything starts: DataError for one that could not be used.
   * Called from several threads. */
  virtual void check(const Value& source) const;
  /** What this kind of data needs before and after the user's own transforms. */
  virtual ItemTransforms item_tfms() const { return {}; }
  virtual BatchTransforms batch_tfms() const { return {}; }

  // As a target:
  virtual std::optional<Loss> loss() const { return std::nullopt; }
  /** How many outputs a model needs for it; UsageError for a block that cannot be a target. */
  virtual int64_t c() const;
  /** The classes by index; empty when there are none. */
  virtual std::vector<Label> vocab() const { return {}; }
  /** A decoded prediction of one item as a label. */
  virtual Label decode(const torch::Tensor& prediction) const;
};

/** A block as a value. */
class Block {
 public:
  template <class T>
  // NOLINTNEXTLINE(google-explicit-constructor, bugprone-forwarding-reference-overload)
  requires std::derived_from<std::remove_cvref_t<T>, BlockImpl> Block(T&& block)
      : impl_(std::make_shared<const std::remove_cvref_t<T>>(std::forward<T>(block))) {}

  Block setup(const std::vector<Value>& train_sources) const;
  const BlockImpl* operator->() const { return impl_.get(); }

 private:
  explicit Block(std::shared_ptr<const BlockImpl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const BlockImpl> impl_;
};

struct BlockEntry {
  std::string_view name;
  Block (*make)(const Json& config);
};
template <>
Registry<BlockEntry>& registry<BlockEntry>();

}  // namespace linnet
