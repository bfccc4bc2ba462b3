#include "linnet/vision/augment/coords.h"

#include <algorithm>

#include "linnet/vision/augment/matrices.h"

namespace linnet {

namespace {

bool has_pixels(const Column& column) {
  return column.kind == Kind::image || column.kind == Kind::mask;
}

const Column* first_with_pixels(const Batch& batch) {
  for (const auto* side : {&batch.x, &batch.y}) {
    const auto at = std::find_if(side->begin(), side->end(), has_pixels);
    if (at != side->end()) return &*at;
  }
  return nullptr;
}

// Several as one. Lives in pipelines only: what is saved are its parts.
class JoinedCoords final : public BatchTransformImpl {
 public:
  explicit JoinedCoords(std::vector<BatchTransformPtr> owners) : owners_(std::move(owners)) {
    for (const auto& owner : owners_) {
      parts_.push_back(dynamic_cast<const CoordTransform*>(owner.get()));
    }
  }
  std::string_view name() const override { return "joined_coords"; }
  double order() const override { return parts_[0]->order(); }
  void apply(Batch& batch, Split split, Generator& random) const override {
    if (first_with_pixels(batch) == nullptr) return;
    apply_plan(plan_coords(parts_, batch, split, random), batch);
  }

 private:
  std::vector<BatchTransformPtr> owners_;
  std::vector<const CoordTransform*> parts_;
};

bool moves(const CoordPlan& plan) {
  const auto identity = identity_map(plan.items);
  return !plan.affine.equal(identity) || !plan.perspective.equal(identity);
}

// From coordinates of the crop to those of the whole picture.
torch::Tensor crop_map(const Box& crop, const ImageSize& whole, bool align_corners) {
  const double outermost = align_corners ? 1 : 0;  // pixels between the middles of the outer ones
  const auto along = [&](int64_t begin, int64_t side, int64_t all) {
    const double span = std::max(static_cast<double>(all) - outermost, 1.0);
    const double scale = (static_cast<double>(side) - outermost) / span;
    return std::pair(scale, 2 * static_cast<double>(begin) / span + scale - 1);
  };
  const auto [scale_x, x] = along(crop.left, crop.width, whole.width);
  const auto [scale_y, y] = along(crop.top, crop.height, whole.height);
  return torch::tensor({{scale_x, 0., x}, {0., scale_y, y}, {0., 0., 1.}}, torch::kDouble);
}

torch::Tensor cut(const torch::Tensor& pixels, const Box& crop) {
  return pixels.narrow(-2, crop.top, crop.height).narrow(-1, crop.left, crop.width);
}

// Only cut out and resized: no pixel outside the crop plays a part.
void apply_crop(const CoordPlan& plan, Column& column) {
  if (column.kind == Kind::points) column.data = map_points(column.data, map_of(plan));
  if (!has_pixels(column)) return;
  const auto part = plan.crop ? cut(column.data, *plan.crop) : column.data;
  if (part.size(-2) == plan.sampling.size.or_else(plan.input).height &&
      part.size(-1) == plan.sampling.size.or_else(plan.input).width) {
    column.data = part;
    return;
  }
  const auto identity = identity_map(plan.items);
  column.data = column.kind == Kind::mask ? sample_masks(part, identity, plan.sampling)
                                          : sample_pictures(part, identity, plan.sampling);
}

// A crop is reduced by what it shrinks, not by what the whole picture would.
double shrink_of(const CoordPlan& plan) {
  const ImageSize from{plan.crop->height, plan.crop->width};
  return shrink_first(from, plan.sampling.size.or_else(from), identity_map(1),
                      plan.sampling.align_corners);
}

void apply_moves(const CoordPlan& plan, const torch::Tensor& maps, Column& column) {
  if (column.kind == Kind::image) {
    column.data = plan.crop ? sample_pictures(column.data, maps, plan.sampling, shrink_of(plan))
                            : sample_pictures(column.data, maps, plan.sampling);
  }
  if (column.kind == Kind::mask) column.data = sample_masks(column.data, maps, plan.sampling);
  if (column.kind == Kind::points) column.data = map_points(column.data, maps);
}

}  // namespace

std::optional<JoinedTransforms> CoordTransform::join(
    const std::vector<BatchTransformPtr>& run) const {
  std::vector<BatchTransformPtr> parts;
  for (const auto& transform : run) {
    const auto* coords = dynamic_cast<const CoordTransform*>(transform.get());
    if (coords == nullptr) break;
    parts.push_back(transform);
    if (coords->crops()) break;
  }
  const size_t count = parts.size();
  return JoinedTransforms{std::make_shared<const JoinedCoords>(std::move(parts)), count};
}

void CoordTransform::apply(Batch& batch, Split split, Generator& random) const {
  if (first_with_pixels(batch) == nullptr) return;
  apply_plan(plan_coords({this}, batch, split, random), batch);
}

bool CoordTransform::keeps_whole(const ImageSize& picture) const {
  CoordPlan plan{.items = 1,
                 .input = picture,
                 .affine = identity_map(1),
                 .perspective = identity_map(1),
                 .sampling = sampling()};
  contribute_valid(plan);
  if (moves(plan)) return false;
  if (!plan.crop) return true;
  const auto [top, left, height, width] = *plan.crop;
  const ImageSize result = plan.sampling.size.or_else({height, width});
  const auto seen = [](int64_t cut_off, int64_t side, int64_t of_result) {
    return cut_off * of_result > side;  // a pixel of the result or more
  };
  return !seen(top, picture.height, result.height) &&
         !seen(picture.height - top - height, picture.height, result.height) &&
         !seen(left, picture.width, result.width) &&
         !seen(picture.width - left - width, picture.width, result.width);
}

CoordPlan plan_coords(const std::vector<const CoordTransform*>& transforms, const Batch& batch,
                      Split split, Generator& random) {
  const auto& pixels = first_with_pixels(batch)->data;
  CoordPlan plan{.items = pixels.size(0),
                 .input = {pixels.size(-2), pixels.size(-1)},
                 .affine = identity_map(pixels.size(0)),
                 .perspective = identity_map(pixels.size(0)),
                 .sampling = transforms.front()->sampling()};
  for (const CoordTransform* transform : transforms) {
    if (split == Split::train) {
      transform->contribute(plan, random);
    } else {
      transform->contribute_valid(plan);
    }
  }
  return plan;
}

torch::Tensor map_of(const CoordPlan& plan) {
  auto map = plan.perspective.matmul(for_aspect(plan.affine, plan.input.height, plan.input.width));
  if (plan.crop) map = map.matmul(crop_map(*plan.crop, plan.input, plan.sampling.align_corners));
  return map;
}

void apply_plan(const CoordPlan& plan, Batch& batch) {
  const bool moving = moves(plan);
  const auto maps = map_of(plan);
  for (auto* side : {&batch.x, &batch.y}) {
    for (Column& column : *side) {
      moving ? apply_moves(plan, maps, column) : apply_crop(plan, column);
    }
  }
}

}  // namespace linnet
