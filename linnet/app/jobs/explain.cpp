#include "linnet/interpret/explain.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/model_file.h"
#include "linnet/app/output_folder.h"
#include "linnet/core/error.h"
#include "linnet/train/learner_file.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::vector<Field> explain_fields() {
  using enum FieldKind;
  return {
      model_field(),
      {.name = "picture",
       .kind = path,
       .help = "files, or folders with pictures at any depth",
       .positional = true,
       .repeated = true,
       .required = true},
      {.name = "method",
       .kind = choice,
       .help = "grad-cam: which parts the last stage goes by; guided-grad-cam: their fine lines "
               "too; occlusion: what a covered part costs (slow)",
       .preset = explain_method_names().front(),
       .choices = explain_method_names()},
      {.name = "label", .help = "what speaks for this label", .preset_note = "the predicted one"},
      {.name = "out",
       .kind = path,
       .help = "the folder to write a PNG for each picture into",
       .preset = "explained",
       .placeholder = "DIR"}};
}

Json event_of(const fs::path& picture, const Explanation& found, const fs::path& file) {
  return Json{{"path", picture.string()},
              {"predicted", found.predicted},
              {"label", found.label},
              {"probability", found.probability},
              {"file", file.string()}};
}

Json run_explain(const Request& request, Reporter& reporter) {
  const Learner learn = load_learner(model_file(request.path("model"), "explain"));
  const auto pictures = pictures_of(request.texts("picture"), "explain");
  ExplainOptions options{.method = explain_method(request.text("method"))};
  if (request.has("label")) options.label = request.text("label");
  const OutputFolder out(request.path("out"), "explain");
  PictureNames names;
  Json written(Json::Array{});
  std::vector<std::string> bad;
  for (const fs::path& picture : pictures) {
    try {
      const auto found = explain(learn, picture, options);
      const auto file = out.write_png(
          fmt::format("{}-{}.png", names.name_for(picture), request.text("method")), found.drawn());
      reporter.note(fmt::format("{}  {}  {:.4f}  {}", picture.string(),
                                found.label.empty() ? found.predicted : found.label,
                                found.probability, file.string()));
      reporter.event("explanation", event_of(picture, found, file));
      written.push_back(file.string());
    } catch (const DataError& e) {  // told at the end: the others are explained
      reporter.warn(e.what());
      bad.emplace_back(e.what());
    }
  }
  if (!bad.empty()) {
    throw DataError("explain", fmt::format("{} of {} pictures cannot be explained: {}", bad.size(),
                                           pictures.size(), bad.front()));
  }
  return Json{{"files", written}};
}

}  // namespace

const Registered<Job> explain_job{
    {.name = "explain",
     .summary = "show which parts of a picture speak for a label",
     .help =
         "Writes a PNG a picture: as the model sees it, and in colours what speaks for the label,\n"
         "red most, under the label and its probability. Is it the animal, or the grass it lies\n"
         "on? A picture that cannot be read is told, the others are explained, and the exit code\n"
         "is 3 at the end.\n\n"
         "Examples\n"
         "  linnet explain runs/pets-resnet34 cat.jpg\n"
         "  linnet explain runs/pets-resnet34 wrong/ --method guided-grad-cam --out why\n"
         "  linnet explain runs/pets-resnet34 cat.jpg --method occlusion --label dog",
     .fields = explain_fields,
     .run = run_explain}};

}  // namespace linnet
