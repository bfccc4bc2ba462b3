#include "linnet/interpret/report_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "linnet/interpret/diagrams.h"
#include "linnet/interpret/report.h"
#include "linnet/interpret/show_batch.h"
#include "linnet/interpret/top_losses_grid.h"
#include "linnet/interpret/training_charts.h"
#include "linnet/media/resample.h"

namespace linnet {

namespace {

constexpr int64_t kCardSide = 192;    // pixels of a small picture
constexpr size_t kMostMistakes = 15;  // rows of their table

// The chart, or a word on why it is missing: the numbers stand in tables too.
std::string chart_html(const std::function<std::string()>& draw_svg, const std::string& alt) {
  try {
    return html_picture(draw_svg(), "image/svg+xml", alt);
  } catch (const std::exception& e) {
    return html_note(fmt::format("No chart: {}", e.what()));
  }
}

// "train_loss from 1.2 to 0.3": what a curve says.
std::string course(const std::vector<Json>& rows, const std::string& column) {
  std::vector<double> values;
  for (const Json& row : rows) {
    const Json* cell = row.find(column);
    if (cell != nullptr && cell->is_number() && std::isfinite(cell->as_double()))
      values.push_back(cell->as_double());
  }
  if (values.empty()) return column + " without a number";
  return fmt::format("{} from {:.4g} to {:.4g}", column, values.front(), values.back());
}

std::string picture_name(const Dataset& items, int64_t item) {
  if (item >= items.size()) return fmt::format("item {}", item);
  const Item shown = items.item(item);
  return shown.is_file() ? shown.path().filename().string() : shown.name();
}

std::vector<GridCell> pictures_of(const Learner& learn, const Interpretation& interp,
                                  const torch::Tensor& indices) {
  std::vector<Dataset::Sources> sources;
  for (int64_t i = 0; i < indices.numel(); ++i)
    sources.push_back(interp.items()[indices[i].item<int64_t>()]);
  const auto loader = learn.dls().test_dl(std::move(sources), {.bs = indices.numel()});
  auto batch = loader->stream(0)->next();
  batch->to(torch::kCPU);
  return cells_of(*batch, learn.dls().pipeline(), indices.numel());
}

Image small(const Image& image) {
  const double scale =
      static_cast<double>(kCardSide) / static_cast<double>(std::max(image.height(), image.width()));
  if (scale >= 1) return image;
  const auto side = [&](int64_t pixels) {
    return std::max<int64_t>(1, std::lround(static_cast<double>(pixels) * scale));
  };
  return resize(image, {side(image.height()), side(image.width())});
}

HtmlCard card_of(const Learner& learn, const Interpretation& interp, int64_t item, Image picture) {
  const auto& target = learn.dls().pipeline().target();
  const std::string name = picture_name(interp.items(), item);
  const double loss = interp.losses()[item].item<double>() + 0.0;  // -log(1) is -0
  const std::string loss_text =
      std::isfinite(loss) ? fmt::format("loss {:.3g}", loss) : "loss: no number";
  HtmlCard card{small(picture), name, {}};
  if (target->kind() == Kind::mask || target->kind() == Kind::points) {
    card.lines = {loss_text, name};
    return card;
  }
  std::string said = target->decode(interp.decoded()[item]).text();
  const std::string is = target->decode(interp.targets()[item]).text();
  card.alt = fmt::format("{}: {}, predicted {}", name, is, said);
  if (target->kind() == Kind::category)
    said += fmt::format("  {:.0f} %", 100 * interp.preds()[item].max().item<double>());
  card.lines = {"says " + said, "is " + is, loss_text, name};
  return card;
}

std::string cards_html(const Learner& learn, const Interpretation& interp,
                       const torch::Tensor& indices) {
  auto cells = pictures_of(learn, interp, indices);
  std::vector<HtmlCard> cards;
  for (size_t i = 0; i < cells.size(); ++i) {
    cards.push_back(card_of(learn, interp, indices[static_cast<int64_t>(i)].item<int64_t>(),
                            std::move(cells[i].picture)));
  }
  return html_cards(cards);
}

}  // namespace

std::string curves_html(const std::vector<Json>& rows) {
  if (rows.empty()) return html_note("No epoch was finished, so there are no curves.");
  std::string html = "<div class=\"charts\">\n";
  html += chart_html([&] { return draw(loss_chart(rows), PlotFormat::svg); },
                     fmt::format("Losses over {} epochs: {}, {}.", rows.size(),
                                 course(rows, "train_loss"), course(rows, "valid_loss")));
  const auto names = metric_columns(rows);
  const auto charts = metric_charts(rows);
  for (size_t i = 0; i < charts.size(); ++i) {
    html += chart_html([&] { return draw(charts[i], PlotFormat::svg); },
                       fmt::format("{} epochs: {}.", rows.size(), course(rows, names[i])));
  }
  return html + "</div>\n";
}

std::string batch_curves_html(const BatchLog& log) {
  if (log.batches.empty()) return html_note("No batch was trained.");
  const auto [lowest, highest] = std::minmax_element(log.last_lrs.begin(), log.last_lrs.end());
  return "<div class=\"charts\">\n" +
         chart_html([&] { return draw(loss_by_batch_chart(log), PlotFormat::svg); },
                    fmt::format("Training loss of {:.0f} batches: from {:.4g} to {:.4g}.",
                                log.batches.back(), log.losses.front(), log.losses.back())) +
         chart_html([&] { return draw(lr_by_batch_chart(log), PlotFormat::svg); },
                    fmt::format("Learning rate by batch: {:.3g} to {:.3g}.", *lowest, *highest)) +
         chart_html([&] { return draw(momentum_by_batch_chart(log), PlotFormat::svg); },
                    fmt::format("Momentum by batch: from {:.3g} to {:.3g}.", log.moms.front(),
                                log.moms.back())) +
         "</div>\n";
}

std::string activations_html(const ActivationLog& log) {
  constexpr size_t kShown = 6;
  const size_t n = log.layers.size();
  std::string html = html_paragraph(
      "Darker where more activations are. In a healthy model they stay spread out; a layer whose "
      "activations gather at 0 has stopped to learn.");
  html += "<div class=\"charts\">\n";
  for (size_t i = 0; i < std::min(kShown, n); ++i) {
    const size_t layer = n <= kShown ? i : i * (n - 1) / (kShown - 1);
    std::vector<LayerStats> stats;
    for (const auto& batch : log.stats) stats.push_back(batch.at(layer));
    HeatMap map = activation_histogram(stats);
    map.title = "Layer " + log.layers[layer];
    html += chart_html(
        [&] { return draw(map, PlotFormat::svg); },
        fmt::format("Activations of layer {} over {} batches: at the end their mean is {:.3g}, "
                    "their spread {:.3g}, and {:.0f}% are near zero.",
                    log.layers[layer], stats.size(), stats.back().mean, stats.back().std,
                    100 * stats.back().near_zero));
  }
  return html + "</div>\n";
}

std::string confusion_html(const ClassificationInterpretation& interp) {
  const auto matrix = interp.confusion_matrix();
  const auto right = matrix.diagonal().sum().item<int64_t>();
  const auto all = matrix.sum().item<int64_t>();
  std::string html = html_paragraph(fmt::format(
      "{} of {} pictures are recognised. A row holds the pictures of a class, a column those that "
      "were called so.",
      detail::grouped(right), detail::grouped(all)));
  html +=
      "<div class=\"scroll wide\" role=\"region\" tabindex=\"0\" "
      "aria-label=\"Confusion matrix\">\n";
  html += chart_html([&] { return draw(confusion_chart(interp), PlotFormat::svg); },
                     fmt::format("Confusion matrix of {} classes: {} of {} on the diagonal. The "
                                 "mistakes are in the table below.",
                                 interp.vocab().size(), right, all));
  html += "</div>\n";
  HtmlTable table{.caption = "Most frequent mistakes",
                  .header = {"is", "taken for", "pictures"},
                  .rows = {},
                  .text_columns = 2};
  for (const Confused& mistake : interp.most_confused()) {
    if (table.rows.size() == kMostMistakes) break;
    table.rows.push_back(
        {mistake.actual.text(), mistake.predicted.text(), detail::grouped(mistake.count)});
  }
  return html + (table.rows.empty() ? html_paragraph("There is no mistake among them.")
                                    : html_table(table));
}

std::string extremes_html(const Learner& learn, const Interpretation& interp, int64_t each) {
  const auto& blocks = learn.dls().pipeline().blocks();
  if (blocks.front()->kind() != Kind::image)
    return html_note("The items are no pictures: there is nothing to look at.");
  return "<h3>The worst</h3>\n" +
         html_paragraph("Look at these first: often the label is wrong, not the model.") +
         cards_html(learn, interp, interp.top_losses(each).indices) + "<h3>The best</h3>\n" +
         cards_html(learn, interp, interp.top_losses(each, /*largest=*/false).indices);
}

}  // namespace linnet
