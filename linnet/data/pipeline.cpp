#include "linnet/data/pipeline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/data/blocks/mask.h"

namespace linnet {

namespace {

torch::Tensor to_tensor(const Element& element) {
  if (const auto* tensor = std::get_if<torch::Tensor>(&element.value)) return *tensor;
  if (const auto* index = std::get_if<int64_t>(&element.value)) return torch::tensor(*index);
  if (const auto* number = std::get_if<double>(&element.value)) {
    return torch::tensor(static_cast<float>(*number));
  }
  throw UsageError(
      "Pipeline::collate",
      fmt::format("an element of kind '{}' has not become a tensor: a transform that makes "
                  "it one (ToTensor, say) is missing",
                  to_string(element.kind)));
}

// Pictures stay in memory as they are read, pixel by pixel: quicker to copy, and the layout in
// which networks for pictures compute.
torch::Tensor stacked(const std::vector<torch::Tensor>& tensors) {
  const bool by_pixel =
      std::all_of(tensors.begin(), tensors.end(), [](const torch::Tensor& tensor) {
        return tensor.dim() == 3 && tensor.is_cpu() && tensor.scalar_type() == torch::kByte &&
               tensor.permute({1, 2, 0}).is_contiguous();
      });
  if (!by_pixel) return torch::stack(tensors);
  const auto& first = tensors[0];
  auto batch = torch::empty(
      {static_cast<int64_t>(tensors.size()), first.size(1), first.size(2), first.size(0)},
      torch::kByte);
  auto* to = batch.data_ptr<uint8_t>();
  for (const auto& tensor : tensors)
    to = std::copy_n(tensor.data_ptr<uint8_t>(), tensor.numel(), to);
  return batch.permute({0, 3, 1, 2});
}

Column collate_column(const std::vector<Sample>& samples, size_t position) {
  std::vector<torch::Tensor> tensors;
  tensors.reserve(samples.size());
  for (const Sample& sample : samples) {
    tensors.push_back(to_tensor(sample[position]));
    if (tensors.back().sizes() != tensors[0].sizes()) {
      throw DataError(
          "Pipeline::collate",
          fmt::format("items of one batch differ in size: got [{}] and [{}]. Make them equal "
                      "with an item transform, .item_tfms = Resize(224), say.",
                      fmt::join(tensors[0].sizes(), ", "),
                      fmt::join(tensors.back().sizes(), ", ")));
    }
  }
  return {samples[0][position].kind, stacked(tensors)};
}

std::string name_of(const Value& source, std::string_view otherwise) {
  const auto* path = std::get_if<std::filesystem::path>(&source);
  return path != nullptr ? path->string() : std::string(otherwise);
}

// A mask has a pixel for each of its picture's. Looked at before any transform, as a resize would
// hide it.
void check_masks(const Sample& sample, const std::vector<Value>& sources) {
  const Image* picture = nullptr;
  std::string name;
  for (size_t i = 0; i < sample.size(); ++i) {
    const auto* image = std::get_if<Image>(&sample[i].value);
    if (image == nullptr) continue;
    if (sample[i].kind == Kind::image && picture == nullptr) {
      picture = image;
      name = name_of(sources[i], "its picture");
    }
    if (sample[i].kind != Kind::mask || picture == nullptr) continue;
    if (image->height() == picture->height() && image->width() == picture->width()) continue;
    const bool turned = image->height() == picture->width() && image->width() == picture->height();
    const auto mask = MaskBlock::file_of(sources[i]);
    throw DataError("Pipeline::encode",
                    fmt::format("{}: got a mask {} pixels wide and {} high, expected {} and {} as "
                                "{} has.{}",
                                mask ? mask->string() : "a mask", image->width(), image->height(),
                                picture->width(), picture->height(), name,
                                turned ? " The picture may have been turned upright by its EXIF "
                                         "orientation: exif_orientation = false leaves it."
                                       : ""));
  }
}

}  // namespace

Pipeline::Pipeline(Parts parts) : blocks_(std::move(parts.blocks)), n_inp_(parts.n_inp) {
  for (const Block& block : blocks_) {
    for (const auto& transform : block->item_tfms()) item_tfms_.add(transform);
    for (const auto& transform : block->batch_tfms()) batch_tfms_.add(transform);
  }
  for (const auto& transform : parts.item_tfms) item_tfms_.add(transform);
  for (const auto& transform : parts.batch_tfms) batch_tfms_.add(transform);
  item_tfms_.sort();
  batch_tfms_.sort();
  steps_ = joined(batch_tfms_);
}

const Block& Pipeline::target() const {
  if (static_cast<int64_t>(blocks_.size()) != n_inp_ + 1) {
    throw UsageError("Pipeline::target",
                     fmt::format("there are {} targets, expected one",
                                 static_cast<int64_t>(blocks_.size()) - n_inp_));
  }
  return blocks_.back();
}

Sample Pipeline::encode(const std::vector<Value>& sources, Split split, Generator& random) const {
  Sample sample;
  sample.reserve(sources.size());
  for (size_t i = 0; i < sources.size(); ++i) {
    sample.push_back({blocks_.at(i)->kind(), blocks_.at(i)->encode(sources[i])});
  }
  check_masks(sample, sources);
  for (const auto& transform : item_tfms_) transform->apply(sample, split, random);
  return sample;
}

Batch Pipeline::collate(std::vector<Sample> samples) const {
  if (samples.empty()) throw UsageError("Pipeline::collate", "got no items");
  Batch batch;
  for (size_t position = 0; position < samples[0].size(); ++position) {
    auto& side = static_cast<int64_t>(position) < n_inp_ ? batch.x : batch.y;
    side.push_back(collate_column(samples, position));
  }
  return batch;
}

void Pipeline::apply_batch_tfms(Batch& batch, Split split, Generator& random) const {
  for (const auto& step : steps_) step->apply(batch, split, random);
}

Pipeline Pipeline::with(const BatchTransform& transform) const {
  Pipeline changed = *this;
  changed.batch_tfms_.add(transform);
  changed.batch_tfms_.sort();
  changed.steps_ = joined(changed.batch_tfms_);
  return changed;
}

Json Pipeline::config() const {
  Json blocks(Json::Array{});
  for (const Block& block : blocks_) {
    Json entry{{"name", block->name()}};
    entry.merge(block->config());
    blocks.push_back(std::move(entry));
  }
  return Json{{"blocks", blocks},
              {"n_inp", n_inp_},
              {"item_tfms", to_json(item_tfms_)},
              {"batch_tfms", to_json(batch_tfms_)}};
}

Pipeline Pipeline::from_config(const Json& config) {
  Parts parts;
  for (const Json& entry : config.at("blocks").as_array()) {
    parts.blocks.push_back(registry<BlockEntry>().at(entry.at("name").as_string()).make(entry));
  }
  parts.n_inp = config.at("n_inp").as_int();
  parts.item_tfms = item_transforms_from_json(config.at("item_tfms"));
  parts.batch_tfms = batch_transforms_from_json(config.at("batch_tfms"));
  return Pipeline(std::move(parts));
}

}  // namespace linnet
