#include "linnet/interpret/report_looks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <vector>

#include "linnet/interpret/explain.h"
#include "linnet/interpret/feature_page.h"
#include "linnet/interpret/layer_features.h"
#include "linnet/interpret/report.h"
#include "linnet/media/encode.h"

namespace linnet {

namespace {

constexpr int64_t kPageQuality = 80;
constexpr int64_t kPatches = 9;

// A part that fails says why, the others stay.
std::string part(const char* title, const std::function<std::string()>& make) {
  const auto section = report_section("", title, make);
  return fmt::format("<h3>{}</h3>\n", title) + section.body;
}

std::string page_html(const Image& page, const std::string& alt) {
  const auto jpeg = encode_image(page, "jpeg", kPageQuality);
  return html_picture({reinterpret_cast<const char*>(jpeg.data()), jpeg.size()}, "image/jpeg", alt);
}

HtmlCard explained(const Learner& learn, const Dataset::Sources& source) {
  const auto found = explain(learn, source.at(0));
  const auto* file = std::get_if<std::filesystem::path>(&source.at(0));
  const std::string name = file != nullptr ? file->filename().string() : "a picture";
  return {found.overlay,
          fmt::format("{}: what speaks for {} is red", name, found.label),
          {fmt::format("{}  {:.0f} %", found.label, 100 * found.probability), name}};
}

std::string explanations_html(const Learner& learn, const Interpretation& interp,
                              const LooksOptions& options) {
  std::vector<HtmlCard> cards;
  for (const bool worst : {true, false}) {
    const auto indices = interp.top_losses(options.explained, worst).indices;
    for (int64_t i = 0; i < indices.numel() && options.explained > 0; ++i)
      cards.push_back(explained(learn, interp.items()[indices[i].item<int64_t>()]));
  }
  return html_paragraph(
             "Where a picture is red, the network sees most of what it says (Grad-CAM): first the "
             "worst pictures, then the best.") +
         html_cards(cards);
}

std::string layers_html(const Learner& learn, const Interpretation& interp,
                        const LooksOptions& options) {
  std::vector<Dataset::Sources> pictures;
  const int64_t step = std::max<int64_t>(1, interp.items().size() / options.pictures);
  for (int64_t i = 0;
       i < interp.items().size() && static_cast<int64_t>(pictures.size()) < options.pictures;
       i += step) {
    pictures.push_back({interp.items()[i].at(0)});
  }
  std::string html = html_paragraph(fmt::format(
      "For some channels of each layer the parts of {} held-out pictures that excite them most, "
      "and beside these what in them did. Early layers see edges and colours, late ones parts of "
      "things.",
      pictures.size()));
  for (const LayerFeatures& layer :
       layer_features(learn, pictures, {.channels = options.channels, .most = kPatches})) {
    const std::string alt = fmt::format("Layer {}: {} of its {} channels", layer.layer,
                                        layer.channels.size(), layer.width);
    html += layer.channels.empty()
                ? html_note(fmt::format("Layer {}: nothing excites it.", layer.layer))
                : page_html(feature_page(layer, {.columns = 3}), alt);
  }
  return html;
}

}  // namespace

std::string looks_html(const Learner& learn, const Interpretation& interp,
                       const LooksOptions& options) {
  if (interp.items().size() == 0)
    return html_note("The pictures are not known: there is nothing to look at.");
  return part("Where it looks", [&] { return explanations_html(learn, interp, options); }) +
         part("Its first filters",
              [&] {
                return page_html(filter_page(learn.network().module()),
                                 "The filters of the first convolution");
              }) +
         part("What excites its layers", [&] { return layers_html(learn, interp, options); });
}

}  // namespace linnet
