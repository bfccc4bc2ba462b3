#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/request.h"
#include "linnet/app/run_record.h"
#include "linnet/core/registry.h"
#include "linnet/core/reporter.h"
#include "linnet/data/value.h"
#include "linnet/interpret/report.h"
#include "linnet/media/decode.h"
#include "linnet/train/learner.h"

namespace linnet {

/** One filled form. */
struct FormInput {
  Json values = Json::object();              // by field name, checked as `form` says
  std::map<std::string, std::string> files;  // the bytes given for fields of FieldKind::path
};

/** How people use one kind of learner, on the command line, in a form and in a report. One file in
 * app/uses each, which ends with its row; `linnet predict`, the web page and `linnet report` find
 * it by the kind that a saved learner names.
 */
struct ModelUse {
  std::string_view name;  // LearnerKind's: "vision"
  std::string_view
      takes;  // what `predict` is given: "pictures, or folders with pictures at any depth"

  /** The fields that this kind adds to those of `linnet predict` ("model" and "input"). */
  std::vector<Field> (*predict_fields)();
  /** Predicts the request's "input": a line and an event "prediction" each by the reporter. What
   * cannot be read is told in its place, and a DataError thrown at the end. */
  void (*predict)(const Learner& learn, const Request& request, Reporter& reporter);

  /** What a person fills in for one prediction; a picture is a field of FieldKind::path. */
  std::vector<Field> (*form)(const Learner& learn);
  /** The answers to filled forms, made at once: each as the event "prediction" has it, without the
   * path. Safe from several threads.
   *  errors  UsageError and DataError that say what is wrong with which field */
  std::vector<Json> (*answers)(const Learner& learn, const std::vector<FormInput>& inputs);

  /** What the report of a run shows of such a model, after the split and the curves: how well it
   * does, where it errs. Made by `report_section`, so that a part that fails says so. */
  std::vector<ReportSection> (*sections)(const RunRecord& run);
  /** What it was trained on and how, as names and values: for the report. */
  std::vector<std::pair<std::string, std::string>> (*facts)(const RunRecord& run);

  // What a kind may leave out:

  /** Where it takes time to read a filled form, a picture say, it can be done on other threads than
   * the model's: the form as what goes into the model, and then the answers to several of these, as
   * `answers` gives them. Safe from several threads.
   *  errors  UsageError and DataError as `answers`; DataError for a picture beyond the limits */
  Sample (*sample)(const Learner& learn, const FormInput& input,
                   const PixelLimits& limits) = nullptr;
  std::vector<Json> (*sample_answers)(const Learner& learn, std::vector<Sample> samples) = nullptr;
  /** A picture of what in the input speaks for a label, by default the predicted one; or what else
   * shows how the answer came, which these words say on the page's button and below the picture.
   *  errors  UsageError for a label or a model that it cannot be shown for; DataError as `sample`
   */
  Image (*explanation)(const Learner& learn, const FormInput& input,
                       const std::optional<std::string>& label,
                       const PixelLimits& limits) = nullptr;
  std::string_view explanation_name = "Where it looked";
  std::string_view explanation_words =
      "In colours: what spoke for the answer. Red is most, blue nothing.";
};

template <>
Registry<ModelUse>& registry<ModelUse>();

/** How such a learner is used. UsageError, begun by `where`, for a learner of a kind that nobody
 * has said it for. */
const ModelUse& use_of(const Learner& learn, std::string_view where);

}  // namespace linnet
