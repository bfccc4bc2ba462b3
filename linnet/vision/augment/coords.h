#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "linnet/data/transform.h"
#include "linnet/vision/augment/sampling.h"

namespace linnet {

/** What neighbouring geometric transforms decide together for one batch; then it is sampled once.
 */
struct CoordPlan {
  int64_t items = 0;
  ImageSize input;            // of the pictures as they are
  torch::Tensor affine;       // double [n, 3, 3], the product of all matrices, for a square picture
  torch::Tensor perspective;  // double [n, 3, 3], after them
  std::optional<Box> crop = std::nullopt;  // what is seen of the result
  Sampling sampling;                       // its size: of the result
};

/** A transform that changes where pixels come from: turns, zooms, perspective, crops. Pictures,
 * masks and points of an item move together. Neighbours in a pipeline become one interpolation,
 * with size, mode and padding of the first. To write one, derive from it, and draw in `contribute`:
 *
 *      class UpsideDown final : public CoordTransform {
 *        std::string_view name() const override { return "upside_down"; }
 *        Json config() const override { return Json::object(); }
 *        Sampling sampling() const override { return {}; }
 *        void contribute(CoordPlan& plan, Generator& random) const override {
 *          auto degrees = torch::zeros({plan.items}, torch::kDouble);
 *          for (int64_t i = 0; i < plan.items; ++i) degrees[i] = random.bernoulli(0.5) ? 180 : 0;
 *          plan.affine = plan.affine.matmul(rotate_mat(degrees));
 *        }
 *      };
 *
 *  source  fastai 2.7 AffineCoordTfm, order 30
 */
class CoordTransform : public BatchTransformImpl {
 public:
  double order() const override { return 30; }
  /** Joins with the geometric transforms that follow, up to the first that crops. */
  std::optional<JoinedTransforms> join(const std::vector<BatchTransformPtr>& run) const final;
  void apply(Batch& batch, Split split, Generator& random) const final;
  bool keeps_whole(const ImageSize& picture) const final;

  /** Training: adds this transform's draws to the plan. */
  virtual void contribute(CoordPlan& plan, Generator& random) const = 0;
  /** Validation: nothing random; the identity but for a crop. */
  virtual void contribute_valid(CoordPlan& /*plan*/) const {}
  virtual bool crops() const { return false; }
  virtual Sampling sampling() const = 0;
};

using CoordTransformPtr = std::shared_ptr<const CoordTransform>;

/** What these transforms decide together; for validation `random` is left alone. */
CoordPlan plan_coords(const std::vector<const CoordTransform*>& transforms, const Batch& batch,
                      Split split, Generator& random);
/** Moves all pictures, masks and points of the batch as planned. */
void apply_plan(const CoordPlan& plan, Batch& batch);
/** The plan as one map an item: output to input coordinates, double [n, 3, 3]. */
torch::Tensor map_of(const CoordPlan& plan);

}  // namespace linnet
