#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/app/jobs/train.h"
#include "linnet/app/jobs/train_plan.h"
#include "linnet/app/recogniser.h"
#include "linnet/app/run_folder.h"
#include "linnet/app/training_fit.h"
#include "linnet/app/training_run.h"
#include "linnet/core/error.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::vector<Field> train_fields() {
  auto fields = image_data_fields();
  for (Field& field : fields) {
    if (field.name == "path") field.required_unless = "resume";
  }
  for (const auto& more : {picture_fields(), recogniser_fields(), fit_fields(), watch_fields(),
                           run_fields("NAME-ARCH")}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

void check(const Request& request) {
  check_recogniser(request);
  check_fit(request, request.texts("metrics"));
  if (fs::is_directory(request.path("path"))) return;
  throw DataError("train", request.path("path"),
                  fs::exists(request.path("path")) ? "is no folder. Give the folder of pictures."
                                                   : "there is no such folder. Check the path.");
}

std::vector<std::string> next_commands(const Request& request, const std::string& model) {
  std::vector<std::string> lines = {fmt::format("Try it:   linnet predict {} PICTURE...", model)};
  if (request.integer("epochs") < 4) {
    lines.push_back(fmt::format("Train on: linnet train {} ... --epochs 4   often makes it better",
                                shell_quoted(request.text("path"))));
  }
  return lines;
}

}  // namespace

TrainingTask picture_training() {
  return {.job = "train",
          .fields = train_fields,
          .run_name =
              [](const Request& request) {
                return data_name(request.path("path")) + "-" + request.text("arch");
              },
          .check = check,
          .precision = precision_of,
          .items = "pictures",
          .load = [](const Request& request, Reporter& reporter) -> DataLoaders {
            return load_image_data(image_data_of(request), reporter);
          },
          .learner = recogniser_of,
          .tell_plan = tell_plan,
          .next = next_commands};
}

const Registered<Job> train_job{
    {.name = "train",
     .summary = "train a recogniser on a folder of pictures",
     .help =
         "Takes pretrained weights, puts a new head on them and fine-tunes: with the defaults, "
         "the\n"
         "first program of the fastai book. Some pictures are held out; the table's error_rate is\n"
         "the share of these that the model gets wrong. The run's folder gets config.json (how to\n"
         "repeat it), log.csv, model.safetensors (all that `linnet predict` needs) and "
         "report.html,\n"
         "one page on all of it.\n\n"
         "Examples\n"
         "  linnet train pets/images --label name-case       cats: True, as their names are "
         "capital\n"
         "  linnet train photos                              one folder a class\n"
         "  linnet train birds --label 'regex:^(.+)_\\d+'     the name up to its number\n"
         "  linnet train scans --label csv:labels.csv --arch resnet18 --epochs 5 --out runs/scans\n"
         "  linnet train --resume runs/scans                 go on where it was stopped\n"
         "  linnet train xrays --split group:regex:'^(patient[0-9]+)_'  no patient on both sides\n"
         "  linnet train films --label 'csv:films.csv:genres:,'         several labels a picture",
     .fields = train_fields,
     .run = [](const Request& request, Reporter& reporter) {
       return run_training(picture_training(), request, reporter);
     }}};

}  // namespace linnet
