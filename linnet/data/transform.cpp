#include "linnet/data/transform.h"

#include <algorithm>

namespace linnet {

template <>
Registry<ItemTransformEntry>& registry<ItemTransformEntry>() {
  static Registry<ItemTransformEntry> rows("item transform");
  return rows;
}

template <>
Registry<BatchTransformEntry>& registry<BatchTransformEntry>() {
  static Registry<BatchTransformEntry> rows("batch transform");
  return rows;
}

template <class Transform>
void TransformList<Transform>::add(const Transform& transform) {
  for (Transform& present : list_) {
    if (present->name() == transform->name()) {
      present = transform;
      return;
    }
  }
  list_.push_back(transform);
}

template <class Transform>
TransformList<Transform> TransformList<Transform>::operator+(const TransformList& later) const {
  TransformList all = *this;
  for (const Transform& transform : later) all.add(transform);
  return all;
}

template <class Transform>
void TransformList<Transform>::sort() {
  std::stable_sort(list_.begin(), list_.end(),
                   [](const Transform& a, const Transform& b) { return a->order() < b->order(); });
}

template class TransformList<ItemTransform>;
template class TransformList<BatchTransform>;

std::optional<JoinedTransforms> BatchTransformImpl::join(
    const std::vector<BatchTransformPtr>& /*run*/) const {
  return std::nullopt;
}

std::vector<BatchTransform> joined(const BatchTransforms& transforms) {
  std::vector<BatchTransformPtr> rest;
  for (const BatchTransform& transform : transforms) rest.push_back(transform.shared());
  std::vector<BatchTransform> steps;
  while (!rest.empty()) {
    const auto step = rest[0]->join(rest).value_or(JoinedTransforms{rest[0], 1});
    steps.emplace_back(step.transform);
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(step.count));
  }
  return steps;
}

namespace {

template <class Transform>
Json list_to_json(const TransformList<Transform>& transforms) {
  Json list(Json::Array{});
  for (const Transform& transform : transforms) {
    Json entry{{"name", transform->name()}};
    entry.merge(transform->config());
    list.push_back(std::move(entry));
  }
  return list;
}

template <class Entry, class Transform>
TransformList<Transform> list_from_json(const Json& json) {
  TransformList<Transform> transforms;
  for (const Json& entry : json.as_array()) {
    transforms.add(registry<Entry>().at(entry.at("name").as_string()).make(entry));
  }
  return transforms;
}

}  // namespace

Json to_json(const ItemTransforms& transforms) { return list_to_json(transforms); }
Json to_json(const BatchTransforms& transforms) { return list_to_json(transforms); }

ItemTransforms item_transforms_from_json(const Json& json) {
  return list_from_json<ItemTransformEntry, ItemTransform>(json);
}

BatchTransforms batch_transforms_from_json(const Json& json) {
  return list_from_json<BatchTransformEntry, BatchTransform>(json);
}

}  // namespace linnet
