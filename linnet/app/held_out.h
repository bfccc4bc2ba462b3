#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "linnet/interpret/interpretation.h"
#include "linnet/train/learner.h"

namespace linnet {

/** What a model says of the held-out pictures, made when it is first asked for; what that throws is
 * thrown each time. */
class HeldOut {
 public:
  explicit HeldOut(std::function<Interpretation()> make) : make_(std::move(make)) {}
  const Interpretation& operator()();

 private:
  std::function<Interpretation()> make_;
  std::optional<Interpretation> made_;
  std::exception_ptr failure_;
};

/** Where a run's things are. */
struct RunPlaces {
  std::filesystem::path run;       // its folder
  std::filesystem::path started;   // where it was started: its relative paths count from there
  std::filesystem::path pictures;  // below `started`, or absolute
};

/** The validation pictures that split.csv in the run's folder names, labelled as for training,
 * in the order of that file. errors  DataError when the split names none, or a picture is no longer
 * there; UsageError when they were labelled by a rule that the model's file does not hold
 */
std::shared_ptr<const DataLoader> held_out_loader(const Learner& learn, const RunPlaces& places);
/** What the model says of these. */
Interpretation interpret_held_out(const Learner& learn, const RunPlaces& places);

/** Precision and recall by class, as HTML. */
std::string classes_html(const Learner& learn, const Interpretation& interp);
/** Which classes are taken for which, as HTML; a note where there is not one class an item. */
std::string confusion_html(const Learner& learn, const Interpretation& interp);

}  // namespace linnet
