#include "linnet/interpret/show_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linnet/core/error.h"
#include "linnet/data/blocks/mask.h"
#include "linnet/plot/mask_overlay.h"
#include "linnet/plot/mosaic.h"

namespace linnet {

namespace {

constexpr const char* kShowResultsWhere = "show_results";
constexpr int64_t kSwatch = 96;  // side of a legend's cell, pixels
constexpr int64_t kGap = 8;

// As many rows of the batch's columns.
Batch cut(Batch batch, int64_t n) {
  for (auto* side : {&batch.x, &batch.y}) {
    for (Column& column : *side) column.data = column.data.slice(0, 0, n);
  }
  batch.items.resize(std::min(batch.items.size(), static_cast<size_t>(n)));
  return batch;
}

// A small square of each class's colour under its name.
Image legend(const std::set<int64_t>& classes, const std::vector<Label>& codes, int64_t width) {
  std::vector<GridCell> cells;
  for (const int64_t number : classes) {
    const Color colour = class_colour(number);
    Image square(kSwatch / 4, kSwatch, 3);
    for (int64_t i = 0; i < square.height() * square.width(); ++i) {
      square.data()[3 * i] = static_cast<uint8_t>(colour.r);
      square.data()[3 * i + 1] = static_cast<uint8_t>(colour.g);
      square.data()[3 * i + 2] = static_cast<uint8_t>(colour.b);
    }
    cells.push_back({std::move(square), codes.at(static_cast<size_t>(number)).text()});
  }
  return image_grid(cells,
                    {.columns = std::max<int64_t>(1, width / (kSwatch + kGap)), .cell = kSwatch});
}

Image stacked(const Image& above, const Image& below) {
  Image paper(above.height() + below.height(), std::max(above.width(), below.width()), 3);
  std::fill_n(paper.data(), paper.bytes(), 255);
  paste(above, 0, 0, paper);
  paste(below, above.height(), 0, paper);
  return paper;
}

Image masks_grid(const Batch& batch, const torch::Tensor& decided, const Pipeline& pipeline,
                 const ImageGridOptions& grid) {
  Batch predicted = batch;
  predicted.y[0].data = decided;
  const auto targets = cells_of(batch, pipeline, batch.size());
  const auto results = cells_of(predicted, pipeline, batch.size());
  std::vector<GridCell> cells;
  for (size_t i = 0; i < targets.size(); ++i) {
    cells.push_back({targets[i].picture, "target"});
    cells.push_back({results[i].picture, "prediction"});
  }
  ImageGridOptions pairs = grid;
  if (pairs.columns == 0) pairs.columns = targets.size() > 3 ? 4 : 2;
  const Image shown = image_grid(cells, pairs);

  std::set<int64_t> classes;
  for (const auto& tensor : {batch.y[0].data, decided}) {
    const auto present = std::get<0>(torch::_unique2(tensor.to(torch::kCPU, torch::kLong)));
    classes.insert(present.data_ptr<int64_t>(), present.data_ptr<int64_t>() + present.numel());
  }
  const auto codes = pipeline.target()->vocab();
  classes.erase(background_class(codes));
  if (classes.empty()) return shown;
  return stacked(shown, legend(classes, codes, shown.width()));
}

}  // namespace

Image show_results(const Learner& learn, const ShowOptions& options) {
  const DataLoaders& dls = learn.dls();
  return show_results(learn, options.split == Split::train ? dls.train() : dls.valid(), options);
}

Image show_results(const Learner& learn, const DataLoader& loader, const ShowOptions& options) {
  if (options.max_n < 1) {
    throw UsageError(kShowResultsWhere,
                     fmt::format("max_n: got {}, expected 1 or more", options.max_n));
  }
  const Pipeline& pipeline = learn.dls().pipeline();
  const Block& target = pipeline.target();
  Batch batch = cut(detail::first_batch(loader, options.epoch, kShowResultsWhere), options.max_n);
  if (batch.y.empty()) throw UsageError(kShowResultsWhere, "these items have no targets");
  const auto decided = learn.loss().decodes(learn.pred_batch(batch));
  batch.to(torch::kCPU);
  if (target->kind() == Kind::mask) return masks_grid(batch, decided, pipeline, options.grid);

  auto cells = cells_of(batch, pipeline, batch.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    const auto wanted = target->decode(batch.y[0].data[row]).text();
    const auto given = target->decode(decided[row]).text();
    cells[i].title = wanted + " / " + given;
    cells[i].colour = wanted == given ? TitleColour::green : TitleColour::red;
  }
  return image_grid(cells, options.grid);
}

}  // namespace linnet
