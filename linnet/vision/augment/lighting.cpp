#include "linnet/vision/augment/lighting.h"

#include <algorithm>

#include "linnet/vision/augment/per_item.h"

namespace linnet {

namespace {

constexpr double kLogitMargin = 1e-7;

void relight_batch(const std::vector<const Lighting*>& transforms, Batch& batch,
                   Generator& random) {
  std::vector<torch::Tensor> draws;
  for (const Lighting* transform : transforms) {
    draws.push_back(transform->draw(batch.size(), random));
  }
  for (auto* side : {&batch.x, &batch.y}) {
    for (Column& column : *side) {
      if (column.kind == Kind::image) column.data = relight(column.data, transforms, draws);
    }
  }
}

// Several as one. Lives in pipelines only: what is saved are its parts.
class JoinedLighting final : public BatchTransformImpl {
 public:
  explicit JoinedLighting(std::vector<BatchTransformPtr> owners) : owners_(std::move(owners)) {
    for (const auto& owner : owners_) parts_.push_back(dynamic_cast<const Lighting*>(owner.get()));
  }
  std::string_view name() const override { return "joined_lighting"; }
  double order() const override { return parts_[0]->order(); }
  void apply(Batch& batch, Split split, Generator& random) const override {
    if (split == Split::train) relight_batch(parts_, batch, random);
  }

 private:
  std::vector<BatchTransformPtr> owners_;
  std::vector<const Lighting*> parts_;
};

}  // namespace

torch::Tensor logits_of(const torch::Tensor& x) {
  // Not torch::logit: near 1 its digits are others than fastai's.
  return x.clamp(kLogitMargin, 1 - kLogitMargin).reciprocal_().sub_(1).log_().neg_();
}

std::optional<JoinedTransforms> Lighting::join(const std::vector<BatchTransformPtr>& run) const {
  const auto end = std::find_if(run.begin(), run.end(), [](const BatchTransformPtr& transform) {
    return dynamic_cast<const Lighting*>(transform.get()) == nullptr;
  });
  std::vector<BatchTransformPtr> parts(run.begin(), end);
  const size_t count = parts.size();
  return JoinedTransforms{std::make_shared<const JoinedLighting>(std::move(parts)), count};
}

void Lighting::apply(Batch& batch, Split split, Generator& random) const {
  if (split == Split::train) relight_batch({this}, batch, random);
}

torch::Tensor relight(const torch::Tensor& pictures, const std::vector<const Lighting*>& transforms,
                      const std::vector<torch::Tensor>& draws) {
  std::vector<torch::Tensor> factors;
  for (const auto& draw : draws) {
    factors.push_back(draw.to(pictures.device(), torch::kFloat).view({-1, 1, 1, 1}));
  }
  return detail::per_item(
      pictures, pictures.sizes(), [&](const torch::Tensor& some, int64_t first, torch::Tensor out) {
        torch::clamp_out(out, some, kLogitMargin, 1 - kLogitMargin);
        out.reciprocal_().sub_(1).log_().neg_();  // as logits_of
        for (size_t i = 0; i < transforms.size(); ++i) {
          transforms[i]->change_(out, factors[i].narrow(0, first, some.size(0)));
        }
        out.sigmoid_();
      });
}

}  // namespace linnet
