#pragma once

#include <vector>

#include "linnet/data/block.h"
#include "linnet/data/transform.h"
#include "linnet/data/value.h"

namespace linnet {

/** All that happens between a source and the model: blocks, item transforms, collation, batch
 * transforms. A saved learner keeps its pipeline, so that a new item is treated as the training
 * items were. Immutable, safe to share between threads.
 */
class Pipeline {
 public:
  struct Parts {
    std::vector<Block> blocks;  // inputs, then targets
    int64_t n_inp = 1;          // how many of the blocks are inputs
    ItemTransforms item_tfms = {};
    BatchTransforms batch_tfms = {};
  };
  /** Joins the blocks' own transforms with the given ones (of two with one name the given one
   * counts) and sorts them. */
  explicit Pipeline(Parts parts);

  int64_t n_inp() const { return n_inp_; }
  const std::vector<Block>& blocks() const { return blocks_; }
  const ItemTransforms& item_tfms() const { return item_tfms_; }
  const BatchTransforms& batch_tfms() const { return batch_tfms_; }
  /** The one target; UsageError when there are none or several. */
  const Block& target() const;

  /** One item from its sources, which are one a block, or one an input when there are no targets.
   * Worker threads. */
  Sample encode(const std::vector<Value>& sources, Split split, Generator& random) const;
  /** Stacks samples; DataError that shows the sizes when they differ. */
  Batch collate(std::vector<Sample> samples) const;
  void apply_batch_tfms(Batch& batch, Split split, Generator& random) const;

  /** A pipeline with one more batch transform. */
  Pipeline with(const BatchTransform& transform) const;

  Json config() const;
  static Pipeline from_config(const Json& config);

 private:
  std::vector<Block> blocks_;
  int64_t n_inp_;
  ItemTransforms item_tfms_;
  BatchTransforms batch_tfms_;
  std::vector<BatchTransform> steps_;  // batch_tfms_ as they run: neighbours joined
};

}  // namespace linnet
