#include "linnet/interpret/show_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/data/transforms/normalize.h"
#include "linnet/plot/mask_overlay.h"

namespace linnet {

namespace {

torch::Tensor without_normalisation(torch::Tensor pictures, const Pipeline& pipeline) {
  for (const BatchTransform& transform : pipeline.batch_tfms()) {
    if (const auto* normalize = dynamic_cast<const Normalize*>(&*transform)) {
      pictures = normalize->decode(pictures);
    }
  }
  return pictures;
}

// The class that is left unpainted of a mask that is target `i`.
int64_t unpainted_class(const Pipeline& pipeline, size_t i) {
  const size_t at = static_cast<size_t>(pipeline.n_inp()) + i;
  if (at >= pipeline.blocks().size()) return 0;
  const auto* block = dynamic_cast<const MaskBlock*>(pipeline.blocks()[at].operator->());
  return block != nullptr ? block->background() : 0;
}

void draw_dot(Image& image, double x, double y) {
  const double radius = std::max<double>(2, static_cast<double>(image.width()) / 60);
  const double middle_x = (x + 1) / 2 * static_cast<double>(image.width() - 1);
  const double middle_y = (y + 1) / 2 * static_cast<double>(image.height() - 1);
  const auto reach = static_cast<int64_t>(std::ceil(radius));
  for (int64_t dy = -reach; dy <= reach; ++dy) {
    for (int64_t dx = -reach; dx <= reach; ++dx) {
      const int64_t row = std::lround(middle_y) + dy, column = std::lround(middle_x) + dx;
      if (std::hypot(static_cast<double>(dx), static_cast<double>(dy)) > radius || row < 0 ||
          column < 0 || row >= image.height() || column >= image.width()) {
        continue;
      }
      image.at(row, column, 0) = 255;
      for (int64_t channel = 1; channel < image.channels(); ++channel) {
        image.at(row, column, channel) = 40;
      }
    }
  }
}

// Mask and points are seen in the picture; every other target is written above it.
bool is_drawn(Kind kind) { return kind == Kind::mask || kind == Kind::points; }

std::string title_of(const Batch& batch, const Pipeline& pipeline, int64_t i) {
  if (batch.y.size() != 1 || is_drawn(batch.y[0].kind)) return "";
  return pipeline.target()->decode(batch.y[0].data[i]).text();
}

}  // namespace

Image to_image(const torch::Tensor& picture) {
  if (picture.dim() != 3 || (picture.size(0) != 1 && picture.size(0) != 3)) {
    throw UsageError("to_image", fmt::format("got a tensor of {} dimensions, expected [1 or 3, "
                                             "height, width]",
                                             picture.dim()));
  }
  const auto bytes = (picture.detach().to(torch::kCPU, torch::kFloat) * 255)
                         .round_()
                         .clamp_(0, 255)
                         .to(torch::kByte)
                         .permute({1, 2, 0})
                         .contiguous();
  Image image(picture.size(1), picture.size(2), picture.size(0));
  std::copy_n(bytes.data_ptr<uint8_t>(), bytes.numel(), image.data());
  return image;
}

Image to_mask_image(const torch::Tensor& classes) {
  if (classes.dim() != 2) {
    throw UsageError("to_mask_image", fmt::format("got a tensor of {} dimensions, expected "
                                                  "[height, width] of class numbers",
                                                  classes.dim()));
  }
  const auto bytes = classes.detach().to(torch::kCPU, torch::kByte).contiguous();
  Image image(classes.size(0), classes.size(1), 1);
  std::copy_n(bytes.data_ptr<uint8_t>(), bytes.numel(), image.data());
  return image;
}

std::vector<GridCell> cells_of(const Batch& batch, const Pipeline& pipeline, int64_t max_n) {
  if (batch.x.empty() || batch.x[0].kind != Kind::image) {
    throw UsageError("show_batch", "the first input is no picture");
  }
  const int64_t n = std::min(max_n, batch.size());
  const auto pictures =
      without_normalisation(batch.x[0].data.narrow(0, 0, n).to(torch::kCPU), pipeline);
  std::vector<GridCell> cells;
  for (int64_t i = 0; i < n; ++i) {
    GridCell cell{to_image(pictures[i]), title_of(batch, pipeline, i)};
    for (size_t k = 0; k < batch.y.size(); ++k) {
      if (batch.y[k].kind != Kind::mask) continue;
      cell.picture = mask_overlay(cell.picture, to_mask_image(batch.y[k].data[i]),
                                  {.unpainted = unpainted_class(pipeline, k)});
    }
    for (const Column& column : batch.y) {
      if (column.kind != Kind::points) continue;
      const auto points = column.data[i].to(torch::kCPU, torch::kDouble).view({-1, 2});
      for (int64_t k = 0; k < points.size(0); ++k) {
        draw_dot(cell.picture, points[k][0].item<double>(), points[k][1].item<double>());
      }
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

Batch detail::first_batch(const DataLoader& loader, int64_t epoch, std::string_view where) {
  auto batch = loader.stream(epoch)->next();
  if (!batch) throw DataError(where, "there is no item to show");
  return std::move(*batch);
}

Image show_batch(const DataLoaders& dls, const ShowOptions& options) {
  if (options.max_n < 1) {
    throw UsageError("show_batch", fmt::format("max_n: got {}, expected 1 or more", options.max_n));
  }
  const DataLoader& loader = options.split == Split::train ? dls.train() : dls.valid();
  Batch batch = detail::first_batch(loader, options.epoch, "show_batch");
  batch.to(torch::kCPU);
  return image_grid(cells_of(batch, dls.pipeline(), options.max_n), options.grid);
}

}  // namespace linnet
