#pragma once

#include <optional>

#include "linnet/data/block.h"

namespace linnet {

/** One number an item, or several. Sources: a number, a text that is one, or a list of them.
 *
 *      const Block as_the_first_training_item = RegressionBlock();
 *      const Block three = RegressionBlock(3);
 *
 *  source  fastai 2.7 RegressionSetup, RegressionBlock (golden labellers regression*)
 */
class RegressionBlock final : public BlockImpl {
 public:
  /** n_out above 0, else UsageError. */
  explicit RegressionBlock(std::optional<int64_t> n_out = std::nullopt);

  std::string_view name() const override { return "regression"; }
  Kind kind() const override { return Kind::number; }
  Json config() const override;
  std::shared_ptr<const BlockImpl> setup(const std::vector<Value>& train_sources) const override;
  /** float32 [] for one number, else [n_out]; DataError for what is no finite number and for
   * another number of numbers. */
  Value encode(const Value& source) const override;
  void check(const Value& source) const override { encode(source); }
  /** Mean squared error. */
  std::optional<Loss> loss() const override;
  int64_t c() const override;
  /** float [] or [n_out] -> a number or a list of numbers. */
  Label decode(const torch::Tensor& prediction) const override;

 private:
  std::optional<int64_t> n_out_;
};

}  // namespace linnet
