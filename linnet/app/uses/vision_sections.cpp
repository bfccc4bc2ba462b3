#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "linnet/app/held_out.h"
#include "linnet/app/picture_changes.h"
#include "linnet/app/uses/vision.h"
#include "linnet/interpret/diagrams.h"
#include "linnet/interpret/report_looks.h"
#include "linnet/interpret/report_pictures.h"

namespace linnet {

std::vector<std::pair<std::string, std::string>> vision_facts(const RunRecord& run) {
  const Json* rule = run.about().find("label");
  const auto vocab = run.learner().dls().vocab();
  const auto changes = picture_changes(run);
  return {{"label", rule != nullptr ? detail::rule_text(*rule) : ""},
          {"classes",
           vocab.empty() ? "" : fmt::format("{}: {}", vocab.size(), detail::listed(vocab, 12))},
          {"size of a picture", run.value("size") + " pixels, square"},
          {"changes in training", changes.empty() ? "none" : changes}};
}

std::vector<ReportSection> vision_sections(const RunRecord& run) {
  HeldOut held_out([&] {
    return interpret_held_out(
        run.learner(), {.run = run.folder, .started = run.fact("folder"), .pictures = run.data()});
  });
  const Learner& learn = run.learner();
  return {
      report_section("classes", "By class", [&] { return classes_html(learn, held_out()); }),
      report_section("confusion", "What is taken for what",
                     [&] { return confusion_html(learn, held_out()); }),
      report_section("extremes", "Worst and best pictures",
                     [&] { return extremes_html(learn, held_out()); }),
      report_section("looks", "What it looks at", [&] { return looks_html(learn, held_out()); })};
}

}  // namespace linnet
