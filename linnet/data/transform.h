#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/core/random.h"
#include "linnet/core/registry.h"
#include "linnet/data/value.h"

namespace linnet {

/** Changes one item, on a worker thread. To write one, derive from it:
 *
 *      class Blank final : public ItemTransformImpl {
 *        std::string_view name() const override { return "blank"; }
 *        void apply(Sample& sample, Split split, Generator& random) const override {
 *          if (split != Split::train || random.uniform() > 0.1) return;
 *          for (Element& element : sample)
 *            if (auto* image = std::get_if<Image>(&element.value)) *image = Image(224, 224, 3);
 *        }
 *      };
 */
class ItemTransformImpl {
 public:
  virtual ~ItemTransformImpl() = default;
  /** The name of its registry row. Of two transforms with one name in a pipeline the later one
   * counts. */
  virtual std::string_view name() const = 0;
  /** Transforms run in this order: Resize 1, ToTensor 5. */
  virtual double order() const { return 0; }
  /** What the registry row needs to make it again. */
  virtual Json config() const { return Json::object(); }
  /** Draws once from `random`, then treats all elements it is for alike: a picture and its mask
   * stay together. */
  virtual void apply(Sample& sample, Split split, Generator& random) const = 0;
};

class BatchTransformImpl;
using BatchTransformPtr = std::shared_ptr<const BatchTransformImpl>;

/** One transform that does at once what several do one after another. */
struct JoinedTransforms {
  BatchTransformPtr transform;
  size_t count;  // how many it stands for
};

/** Changes a whole batch, on its device. A loader does so on a worker thread, of several batches at
 * once: `apply` must bear that. */
class BatchTransformImpl {
 public:
  virtual ~BatchTransformImpl() = default;
  virtual std::string_view name() const = 0;
  /** Transforms run in this order: IntToFloat 10, augmentation 30 to 40, Normalize 99. */
  virtual double order() const { return 0; }
  virtual Json config() const { return Json::object(); }
  virtual void apply(Batch& batch, Split split, Generator& random) const = 0;
  /** A pipeline asks once, when it is made: `run` begins with this transform and goes on with all
   * that run after it. A transform that can do its work together with the next ones (one
   * interpolation for all turns and zooms, say) says so; nothing: it works alone. */
  virtual std::optional<JoinedTransforms> join(const std::vector<BatchTransformPtr>& run) const;
  /** Whether a validation picture of this size stays whole and upright: it may be stretched, but
   * nothing is cut off and nothing turned, up to a pixel of the result. */
  virtual bool keeps_whole(const ImageSize&) const { return true; }
};

/** A transform as a value: immutable, cheap to copy, free to live in a braced list. */
template <class ImplType>
class SharedTransform {
 public:
  using Impl = ImplType;

  template <class T>
  // NOLINTNEXTLINE(google-explicit-constructor, bugprone-forwarding-reference-overload)
  requires std::derived_from<std::remove_cvref_t<T>, Impl> SharedTransform(T&& transform)
      : impl_(std::make_shared<const std::remove_cvref_t<T>>(std::forward<T>(transform))) {}

  explicit SharedTransform(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

  const Impl* operator->() const { return impl_.get(); }
  const Impl& operator*() const { return *impl_; }
  const std::shared_ptr<const Impl>& shared() const { return impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

using ItemTransform = SharedTransform<ItemTransformImpl>;
using BatchTransform = SharedTransform<BatchTransformImpl>;

/** One transform or several: `.item_tfms = Resize(224)` and `.item_tfms = {Resize(460),
 * FlipItem()}`. */
template <class Transform>
class TransformList {
 public:
  TransformList() = default;
  TransformList(std::initializer_list<Transform> list) : list_(list) {}
  template <std::convertible_to<Transform> T>
  // NOLINTNEXTLINE(google-explicit-constructor, bugprone-forwarding-reference-overload)
  TransformList(T&& transform) : list_{Transform(std::forward<T>(transform))} {}

  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }
  /** Adds one, in place of one of the same name if there is one (as fastai: the last one wins). */
  void add(const Transform& transform);
  /** These, then those; of two with one name the later one counts, in the place of the first. */
  TransformList operator+(const TransformList& later) const;
  /** Puts them in their running order; equal ones stay as they were given. */
  void sort();

 private:
  std::vector<Transform> list_;
};

using ItemTransforms = TransformList<ItemTransform>;
using BatchTransforms = TransformList<BatchTransform>;

/** The transforms as a pipeline runs them: neighbours that can work at once are one. */
std::vector<BatchTransform> joined(const BatchTransforms& transforms);

/** Makes a transform from its stored form, so that a saved learner needs no code but linnet's. */
struct ItemTransformEntry {
  std::string_view name;
  ItemTransform (*make)(const Json& config);
};
struct BatchTransformEntry {
  std::string_view name;
  BatchTransform (*make)(const Json& config);
};

template <>
Registry<ItemTransformEntry>& registry<ItemTransformEntry>();
template <>
Registry<BatchTransformEntry>& registry<BatchTransformEntry>();

/** [{"name": "resize", ...config}, ...] and back; DataError for a name this version does not know.
 */
Json to_json(const ItemTransforms& transforms);
Json to_json(const BatchTransforms& transforms);
ItemTransforms item_transforms_from_json(const Json& json);
BatchTransforms batch_transforms_from_json(const Json& json);

}  // namespace linnet
