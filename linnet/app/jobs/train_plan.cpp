#include "linnet/app/jobs/train_plan.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "linnet/app/picture_changes.h"
#include "linnet/app/recogniser.h"
#include "linnet/app/training_fit.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

std::string class_line(const Json& about) {
  if (!about.contains("train_classes")) return "none: the labels are numbers";
  constexpr size_t kMost = 8;
  std::vector<std::string> parts;
  const auto& counts = about.at("train_classes").as_object();
  for (const auto& [label, count] : counts) {
    if (parts.size() == kMost) break;
    const Json* held_out = about.at("valid_classes").find(label);
    parts.push_back(fmt::format("{} {} + {}", label, count.as_int(),
                                held_out != nullptr ? held_out->as_int() : 0));
  }
  const std::string more =
      counts.size() > kMost ? fmt::format(", and {} more", counts.size() - kMost) : "";
  return fmt::format("{} ({}{})", counts.size(), join(parts, ", "), more);
}

}  // namespace

void tell_plan(const Request& request, const Json& about, Precision precision, Reporter& reporter) {
  if (about.at("test").as_int() > 0)
    reporter.note("          `linnet validate ... --part test` measures on the test set, once");
  reporter.note("classes   " + class_line(about));
  reporter.note(fmt::format(
      "model     {}, {}, pictures of {} x {}{}", request.text("arch"),
      weights_of(request).pretrained() ? "weights " + request.text("weights")
                                       : std::string("from scratch: no pretrained weights"),
      request.integer("size"), request.integer("size"), changes_in_plan(request)));
  reporter.note(fmt::format("training  {}; batches of {}, lr {:g}, {}, {} threads",
                            recipe_line(request), request.integer("batch-size"),
                            request.number("lr"), to_string(precision), at::get_num_threads()));
}

}  // namespace linnet
