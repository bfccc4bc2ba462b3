#include "linnet/interpret/segmented_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "linnet/core/error.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/interpret/show_batch.h"
#include "linnet/media/resample.h"
#include "linnet/plot/mask_overlay.h"

namespace linnet {

namespace {

constexpr const char* kSegmentedPictureWhere = "segment_picture";

const MaskBlock& mask_block_of(const Pipeline& pipeline) {
  const auto* block = dynamic_cast<const MaskBlock*>(pipeline.target().operator->());
  if (block == nullptr || pipeline.n_inp() != 1 || pipeline.blocks()[0]->kind() != Kind::image) {
    throw UsageError(kSegmentedPictureWhere,
                     fmt::format("the learner gives a {}, expected a mask of one picture",
                                 to_string(pipeline.target()->kind())));
  }
  return *block;
}

// How training pictures were fitted to their size; by default a part of each was taken.
std::string resize_method(const ItemTransforms& transforms) {
  for (const ItemTransform& transform : transforms) {
    const Json config = transform->config();
    const Json* method = config.find("method");
    if (transform->name() == "resize" && method != nullptr) return method->as_string();
  }
  return "crop";
}

// How large the whole picture is shown to the model.
ImageSize size_for(const Image& picture, const Learner& learn) {
  const Json* stored = learn.model_config.is_null() ? nullptr : learn.model_config.find("img_size");
  if (stored == nullptr) return {picture.height(), picture.width()};  // a model of the user's own
  const ImageSize trained{stored->as_ints().at(0), stored->as_ints().at(1)};
  const std::string method = resize_method(learn.dls().pipeline().item_tfms());
  if (method == "squish") return trained;
  const auto height = static_cast<double>(picture.height());
  const auto width = static_cast<double>(picture.width());
  const double tall = static_cast<double>(trained.height) / height;
  const double wide = static_cast<double>(trained.width) / width;
  const double scale = method == "pad" ? std::min(tall, wide) : std::max(tall, wide);
  return {std::max<int64_t>(1, std::lround(scale * height)),
          std::max<int64_t>(1, std::lround(scale * width))};
}

// The pipeline without what would show a part of `picture` only: item transforms other than those
// that make a tensor of it, and batch transforms that cut.
Pipeline of_whole_pictures(const Pipeline& pipeline, const Image& picture) {
  BatchTransforms batch_tfms;
  for (const BatchTransform& transform : pipeline.batch_tfms()) {
    if (transform->keeps_whole({picture.height(), picture.width()})) batch_tfms.add(transform);
  }
  return Pipeline({.blocks = pipeline.blocks(),
                   .n_inp = pipeline.n_inp(),
                   .item_tfms = {},
                   .batch_tfms = batch_tfms});
}

Image by_values(const Image& classes, const std::vector<int64_t>& values) {
  Image mask = classes;
  for (uint8_t* pixel = mask.data(); pixel != mask.data() + mask.bytes(); ++pixel) {
    *pixel = static_cast<uint8_t>(values.at(*pixel));
  }
  return mask;
}

std::vector<std::pair<Label, double>> shares_of(const Image& classes,
                                                const std::vector<Label>& codes) {
  std::vector<int64_t> counts(codes.size(), 0);
  for (int64_t i = 0; i < classes.bytes(); ++i) ++counts.at(classes.data()[i]);
  std::vector<std::pair<Label, double>> shares;
  for (size_t i = 0; i < codes.size(); ++i) {
    if (counts[i] == 0) continue;
    shares.emplace_back(codes[i],
                        static_cast<double>(counts[i]) / static_cast<double>(classes.bytes()));
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return shares;
}

Image in_colour(const Image& picture) {
  if (picture.channels() == 3) return picture;
  Image result(picture.height(), picture.width(), 3);
  for (int64_t i = 0; i < result.bytes(); ++i) result.data()[i] = picture.data()[i / 3];
  return result;
}

}  // namespace

SegmentedPicture segment_picture(const Learner& learn, const Value& source) {
  const Pipeline& trained = learn.dls().pipeline();
  const MaskBlock& block = mask_block_of(trained);
  const Image picture = std::get<Image>(trained.blocks()[0]->encode(source));
  const Image shown = resize(picture, size_for(picture, learn), Filter::bilinear);
  const Predictor whole = learn.predictor().with(of_whole_pictures(trained, shown));
  const auto decided =
      learn.loss().decodes(whole.pred_batch(whole.batch_of({whole.encode({shown})})));

  SegmentedPicture found;
  found.picture = in_colour(picture);
  found.classes =
      resize(to_mask_image(decided[0]), {picture.height(), picture.width()}, Filter::nearest);
  found.shares = shares_of(found.classes, block.vocab());
  found.mask = by_values(found.classes, block.values());
  found.overlay = mask_overlay(found.picture, found.classes, {.unpainted = block.background()});
  return found;
}

}  // namespace linnet
