#include "linnet/interpret/top_losses_grid.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/interpret/show_batch.h"

namespace linnet {

namespace {

constexpr int64_t kColumnWidth = 7;     // pixels of a letter above a picture
constexpr int64_t kFigureColumns = 20;  // " / ", loss and probability

void check(const Interpretation& interp, const TopLossesGridOptions& options) {
  if (options.k < 1) {
    throw UsageError("top_losses_grid", fmt::format("k: got {}, expected 1 or more", options.k));
  }
  if (interp.items().size() == 0) {
    throw UsageError("top_losses_grid",
                     "the items' pictures are not known: interpret a loader that reads pictures "
                     "from their sources");
  }
}

Batch batch_of(const Learner& learn, const Interpretation& interp, const torch::Tensor& indices) {
  std::vector<Dataset::Sources> sources;
  for (int64_t i = 0; i < indices.numel(); ++i) {
    sources.push_back(interp.items()[indices[i].item<int64_t>()]);
  }
  const auto loader = learn.dls().test_dl(std::move(sources), {.bs = indices.numel()});
  auto batch = loader->stream(0)->next();
  batch->to(torch::kCPU);
  return std::move(*batch);
}

bool is_written(Kind kind) { return kind != Kind::mask && kind != Kind::points; }

void describe(GridCell& cell, const Learner& learn, const Interpretation& interp, int64_t item,
              int64_t columns) {
  const auto& target = learn.dls().pipeline().target();
  const std::string loss =
      fmt::format("{:.2f}", interp.losses()[item].item<double>() + 0.0);  // not -0.00
  if (!is_written(target->kind())) {
    cell.title = "loss " + loss;
    return;
  }
  const auto half = std::max<int64_t>(4, (columns - kFigureColumns) / 2);
  const Label predicted = target->decode(interp.decoded()[item]);
  const Label actual = target->decode(interp.targets()[item]);
  cell.title = fmt::format("{} / {} / {}", fit_columns(predicted.text(), half),
                           fit_columns(actual.text(), half), loss);
  if (target->kind() == Kind::category) {
    cell.title += fmt::format(" / {:.2f}", interp.preds()[item].max().item<double>());
  }
  cell.colour = predicted == actual ? TitleColour::green : TitleColour::red;
}

}  // namespace

Image top_losses_grid(const Learner& learn, const Interpretation& interp,
                      const TopLossesGridOptions& options) {
  check(interp, options);
  const auto indices = interp.top_losses(options.k, options.largest).indices;
  auto cells = cells_of(batch_of(learn, interp, indices), learn.dls().pipeline(), indices.numel());
  for (size_t i = 0; i < cells.size(); ++i) {
    describe(cells[i], learn, interp, indices[static_cast<int64_t>(i)].item<int64_t>(),
             options.grid.cell / kColumnWidth);
  }
  return image_grid(cells, options.grid);
}

MatrixChart confusion_chart(const ClassificationInterpretation& interp, bool normalize) {
  auto matrix = interp.confusion_matrix().to(torch::kDouble);
  if (normalize) matrix = matrix / matrix.sum(1, true);
  matrix = matrix.contiguous();
  MatrixChart chart{
      .title = normalize ? "Confusion, share of each row" : "Confusion",
      .row_axis = "actual",
      .column_axis = "predicted",
      .values = {matrix.data_ptr<double>(), matrix.data_ptr<double>() + matrix.numel()},
      .decimals = normalize ? 2 : 0};
  for (const Label& label : interp.vocab()) chart.labels.push_back(label.text());
  return chart;
}

}  // namespace linnet
