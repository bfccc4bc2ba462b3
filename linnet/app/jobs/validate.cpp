#include "linnet/app/job.h"
#include "linnet/app/labelled_pictures.h"
#include "linnet/app/model_file.h"

namespace linnet {

namespace {

Json run_validate(const Request& request, Reporter& reporter) {
  Validator validator(model_file(request.path("model"), request.job()), reporter);
  const auto pictures = labelled_pictures(request, validator.learner(), reporter);
  const auto report = measure(validator, pictures, request, reporter);
  tell_scores(report, reporter);
  if (report.classes) tell_classes(report.classes->classes, *report.classes, reporter);
  if (report.pixels) tell_pixels(*report.pixels, reporter);
  reporter.event("validation", report.to_json());
  return nullptr;
}

}  // namespace

const Registered<Job> validate_job{
    {.name = "validate",
     .summary = "measure a trained model on labelled pictures: all metrics, by class too",
     .help =
         "Loss and metrics, and for each class precision (of what was called so, the share that\n"
         "is), recall (of what is so, the share that was called so), their mean f1 and the\n"
         "number of pictures. Pictures that are neither train nor valid are a test set: each\n"
         "look at one is written into test_evaluations.jsonl beside the model, for who chooses\n"
         "by a test set no longer knows what the model is worth.\n\n"
         "Examples\n"
         "  linnet validate runs/pets-resnet34 new_pictures\n"
         "  linnet validate runs/pets-resnet34 pets/images --part valid\n"
         "  linnet validate model.safetensors test --label parent --json",
     .fields = labelled_pictures_fields,
     .run = run_validate}};

}  // namespace linnet
