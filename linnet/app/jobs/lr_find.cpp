#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/app/plot_files.h"
#include "linnet/app/recogniser.h"
#include "linnet/core/error.h"
#include "linnet/interpret/training_charts.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

std::vector<Field> lr_find_fields() {
  using enum FieldKind;
  auto fields = image_data_fields();
  for (const auto& more : {picture_fields(), recogniser_fields()}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  fields.push_back({.name = "start-lr",
                    .kind = number,
                    .help = "the first rate tried",
                    .preset = 1e-7,
                    .min = 0,
                    .open_range = true});
  fields.push_back({.name = "end-lr",
                    .kind = number,
                    .help = "the last rate, if the loss has not diverged by then",
                    .preset = 10.0,
                    .min = 0,
                    .open_range = true});
  fields.push_back({.name = "num-it",
                    .kind = integer,
                    .help = "rates to try, a batch each",
                    .preset = 100,
                    .min = 2});
  fields.push_back({.name = "unfrozen",
                    .kind = flag,
                    .help =
                        "for the whole model; without it, for the new head on frozen pretrained "
                        "weights, as the first epoch of fine_tune trains it"});
  fields.push_back({.name = "out",
                    .kind = path,
                    .help = "a folder for the curve, lr_find.svg and lr_find.png",
                    .preset_note = "no picture",
                    .placeholder = "DIR"});
  return fields;
}

LrFindOptions options_of(const Request& request) {
  LrFindOptions options{.start_lr = request.number("start-lr"),
                        .end_lr = request.number("end-lr"),
                        .num_it = request.integer("num-it"),
                        .suggest = {}};
  if (options.end_lr > options.start_lr) return options;
  throw UsageError("lr-find", fmt::format("got --start-lr {:g} and --end-lr {:g}, expected the end "
                                          "above the start",
                                          options.start_lr, options.end_lr));
}

// By name, fastai's default first. A short curve is too short for some: these are left out.
std::vector<std::pair<std::string, SuggestedLr>> suggestions_for(const LrCurve& curve) {
  std::vector<std::pair<std::string, SuggestedLr>> found;
  for (const char* name : {"valley", "steep", "minimum", "slide"}) {
    try {
      found.emplace_back(name, registry<LrSuggestion>().at(name).suggest(curve));
    } catch (const UsageError&) {
      continue;
    }
  }
  if (!found.empty()) return found;
  throw UsageError("lr-find",
                   "the loss exploded, or the rates ended, after too few batches for a suggestion: "
                   "give a smaller --start-lr or a larger --num-it");
}

void tell(const LrFindResult& found, Reporter& reporter) {
  const auto& [curve, suggestions] = found;
  Json rates = Json::object();
  reporter.table({"suggestion", "lr"});
  for (const auto& [name, suggested] : suggestions) {
    reporter.row(Json{{"suggestion", name}, {"lr", fmt::format("{:.1e}", suggested.lr)}});
    rates[name] = suggested.lr;
  }
  reporter.event("lr_find",
                 Json{{"suggestions", rates},
                      {"lrs", Json(Json::Array(curve.lrs.begin(), curve.lrs.end()))},
                      {"losses", Json(Json::Array(curve.losses.begin(), curve.losses.end()))}});
}

Json run_lr_find(const Request& request, Reporter& reporter) {
  check_recogniser(request);
  const auto options = options_of(request);
  const auto dls = load_image_data(image_data_of(request), reporter);
  Learner learn =
      recogniser_of(request, dls, {.precision = precision_of(request), .reporter = &reporter});
  if (request.flag("unfrozen")) learn.unfreeze();
  LrFindResult found = learn.lr_find(options);
  found.suggestions = suggestions_for(lr_find_trimmed(found.curve, options.num_it));
  tell(found, reporter);
  if (request.has("out")) {
    PlotFiles files(request.path("out"));
    files.add("lr_find", lr_find_chart(found));
    for (const auto& file : files.written()) reporter.note(file);
  }
  return nullptr;
}

}  // namespace

const Registered<Job> lr_find_job{
    {.name = "lr-find",
     .summary = "try growing learning rates on your pictures, and suggest one",
     .help =
         "Trains on one batch at each rate, from tiny to huge, and watches the loss: below the\n"
         "good rates it stands still, above them it explodes. valley lies in the longest fall and\n"
         "is a good choice; steep is where the loss falls fastest, minimum a tenth of the rate\n"
         "with the lowest loss, slide the last rate before the loss turns.\n"
         "Nothing is saved: the model is thrown away. Takes the options of `linnet train`.\n\n"
         "Examples\n"
         "  linnet lr-find pets/images --label name-case --arch resnet18 --out curve\n"
         "  linnet train pets/images --label name-case --arch resnet18 --lr 1.5e-3",
     .fields = lr_find_fields,
     .run = run_lr_find}};

}  // namespace linnet
