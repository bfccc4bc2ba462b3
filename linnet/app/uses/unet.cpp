#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linnet/app/held_out.h"
#include "linnet/app/model_file.h"
#include "linnet/app/model_use.h"
#include "linnet/app/output_folder.h"
#include "linnet/app/picture_changes.h"
#include "linnet/app/prediction_precision.h"
#include "linnet/app/uses/picture_form.h"
#include "linnet/app/uses/picture_teller.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/interpret/diagrams.h"
#include "linnet/interpret/segmentation_report.h"
#include "linnet/interpret/segmented_picture.h"
#include "linnet/interpret/show_results.h"
#include "linnet/media/encode.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr int64_t kUnetShown = 6;  // pictures in a report

std::vector<Field> unet_predict_fields() {
  return {{.name = "out",
           .kind = FieldKind::path,
           .help = "of a segmentation: folder for the masks and overlays, NAME_mask.png and "
                   "NAME_overlay.png of each picture's own size",
           .preset_note = "none are written",
           .placeholder = "FOLDER"},
          prediction_precision_field()};
}

// The classes in it, those with most pixels first.
Json answer_of(const SegmentedPicture& found) {
  Json labels(Json::Array{});
  Json::Object shares;
  for (const auto& [label, share] : found.shares) {
    labels.push_back(label.to_json());
    shares.emplace_back(label.text(), share);
  }
  return Json{{"label", labels}, {"shares", std::move(shares)}};
}

std::string shares_line(const SegmentedPicture& found) {
  constexpr size_t kMost = 4;
  std::vector<std::string> parts;
  for (size_t i = 0; i < found.shares.size() && i < kMost; ++i) {
    const auto& [label, share] = found.shares[i];
    parts.push_back(fmt::format("{} {:.1f}%", label.text(), 100 * share));
  }
  if (found.shares.size() > kMost) {
    parts.push_back(fmt::format("and {} more", found.shares.size() - kMost));
  }
  return join(parts, ", ");
}

/** Writes masks and overlays into the folder of `--out`, where there is one. */
class MaskWriter {
 public:
  explicit MaskWriter(const Request& request) {
    if (request.has("out")) folder_.emplace(request.path("out"), "predict");
  }

  /** Where they are, for a line and for the event. */
  std::pair<std::string, Json> operator()(const fs::path& picture, const SegmentedPicture& found) {
    if (!folder_) return {"", Json::object()};
    const std::string name = names_.name_for(picture);
    const auto mask = folder_->write_png(name + "_mask.png", found.mask);
    const auto overlay = folder_->write_png(name + "_overlay.png", found.overlay);
    return {"  -> " + overlay.string(),
            Json{{"mask", mask.string()}, {"overlay", overlay.string()}}};
  }

 private:
  std::optional<OutputFolder> folder_;
  PictureNames names_;
};

void predict(const Learner& learn, const Request& request, Reporter& reporter) {
  const auto pictures = pictures_of(request.texts("input"), "predict");
  PictureTeller teller(pictures, reporter);
  MaskWriter writer(request);
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto item = static_cast<int64_t>(i);
    try {
      const SegmentedPicture found = segment_picture(learn, pictures[i]);
      const auto [where, files] = writer(pictures[i], found);
      Json event = answer_of(found);
      event.merge(files);
      teller.good(item, shares_line(found) + where, event);
    } catch (const DataError& e) {
      teller.bad(item, e.what());
    }
  }
  teller.finish();
}

std::vector<Json> unet_answers(const Learner& learn, const std::vector<FormInput>& inputs) {
  std::vector<Json> made;
  for (const FormInput& input : inputs)
    made.push_back(answer_of(segment_picture(learn, picture_in(learn, input, {}))));
  return made;
}

Image unet_explanation(const Learner& learn, const FormInput& input,
                       const std::optional<std::string>& label, const PixelLimits& limits) {
  if (label) throw UsageError("explain", "label: a segmentation shows all its classes at once");
  return segment_picture(learn, picture_in(learn, input, limits)).overlay;
}

std::string number(double value) { return std::isnan(value) ? "" : fmt::format("{:.3f}", value); }

std::string classes_html(const SegmentationReport& report) {
  HtmlTable table{.caption = "Of all pixels of the held-out pictures",
                  .header = {"class", "share", "accuracy", "dice", "jaccard"},
                  .rows = {}};
  for (const ClassOverlap& found : report.classes) {
    if (found.pixels + found.called == 0) continue;
    const double share = static_cast<double>(found.pixels) / static_cast<double>(report.pixels);
    table.rows.push_back({found.label, fmt::format("{:.1f}%", 100 * share), number(found.accuracy),
                          number(found.dice), number(found.jaccard)});
  }
  table.rows.push_back({"all", "100.0%", number(report.accuracy), number(report.mean_dice),
                        number(report.mean_jaccard)});
  return html_table(table) +
         html_paragraph(fmt::format(
             "accuracy: of the pixels that are this class, the share that were called so. dice "
             "and jaccard: how far the two masks cover each other, 1 is all. Without the pixels "
             "that are {} the accuracy is {:.3f}.",
             report.classes.at(static_cast<size_t>(report.background)).label,
             report.foreground_accuracy));
}

std::string results_html(const Learner& learn, const DataLoader& held_out) {
  const auto png = encode_image(show_results(learn, held_out, {.max_n = kUnetShown}));
  return html_paragraph("What the masks say and what the model says of held-out pictures.") +
         html_picture({reinterpret_cast<const char*>(png.data()), png.size()}, "image/png",
                      "pictures under the colours of their classes, target beside prediction");
}

std::vector<ReportSection> sections(const RunRecord& run) {
  const Learner& learn = run.learner();
  const RunPlaces places{.run = run.folder, .started = run.fact("folder"), .pictures = run.data()};
  return {report_section("classes", "By class",
                         [&] {
                           return classes_html(
                               segmentation_report(learn, *held_out_loader(learn, places)));
                         }),
          report_section("results", "Masks beside predictions",
                         [&] { return results_html(learn, *held_out_loader(learn, places)); })};
}

std::vector<std::pair<std::string, std::string>> facts(const RunRecord& run) {
  const Json* rule = run.about().find("label");
  const auto vocab = run.learner().dls().vocab();
  const auto changes = picture_changes(run);
  return {{"masks", rule != nullptr ? detail::rule_text(*rule) : ""},
          {"classes of a pixel", fmt::format("{}: {}", vocab.size(), detail::listed(vocab, 12))},
          {"size of a picture",
           run.value("size").empty() ? "as they are" : run.value("size") + " pixels, square"},
          {"changes in training", changes.empty() ? "none" : changes}};
}

}  // namespace

const Registered<ModelUse> unet_use{
    {.name = "unet",
     .takes = "of a segmentation files, or folders with pictures at any depth",
     .predict_fields = unet_predict_fields,
     .predict = predict,
     .form = picture_form,
     .answers = unet_answers,
     .sections = sections,
     .facts = facts,
     .explanation = unet_explanation,
     .explanation_name = "Show the classes",
     .explanation_words = "Each class of pixels in a colour of its own."}};

}  // namespace linnet
