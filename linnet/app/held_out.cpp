#include "linnet/app/held_out.h"

#include "linnet/core/error.h"
#include "linnet/data/label.h"
#include "linnet/data/table.h"
#include "linnet/interpret/report.h"
#include "linnet/interpret/report_pictures.h"
#include "linnet/interpret/report_sections.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kHeldOutWhere = "report";

std::vector<Dataset::Sources> sources_of(const fs::path& split, const fs::path& pictures,
                                         const LabelRule& rule) {
  const Table table = read_csv(split);
  const TableColumn& names = table["path"];
  const TableColumn& sides = table["split"];
  std::vector<Dataset::Sources> items;
  for (int64_t row = 0; row < table.rows(); ++row) {
    if (sides.text(row) != "valid") continue;
    const fs::path file = pictures / names.text(row);
    if (!fs::exists(file)) {
      throw DataError(kHeldOutWhere, file, "the picture that was held out is no longer there");
    }
    items.push_back({file, rule(file)});
  }
  if (items.empty()) throw DataError(kHeldOutWhere, split, "names no picture that is held out");
  return items;
}

// A table's rule with its paths as they count from `folder`.
Json counted_from(const fs::path& folder, Json rule) {
  for (const char* name : {"file", "root"}) {
    const Json* path = rule.find(name);
    if (path != nullptr && path->is_string() && !path->as_string().empty())
      rule[name] = (folder / path->as_string()).string();
  }
  if (const Json* inner = rule.find("of")) rule["of"] = counted_from(folder, *inner);
  return rule;
}

}  // namespace

const Interpretation& HeldOut::operator()() {
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  if (!made_) {
    try {
      made_ = make_();
    } catch (...) {
      failure_ = std::current_exception();
      throw;
    }
  }
  return *made_;
}

std::shared_ptr<const DataLoader> held_out_loader(const Learner& learn, const RunPlaces& places) {
  const Json* rule = learn.dls().about.find("label");
  if (rule == nullptr || !rule->is_object()) {
    throw UsageError(kHeldOutWhere, "the model's file does not say how pictures are labelled");
  }
  const auto items = sources_of(places.run / "split.csv", places.pictures,
                                LabelRule::from_config(counted_from(places.started, *rule)));
  return learn.dls().test_dl(items);
}

Interpretation interpret_held_out(const Learner& learn, const RunPlaces& places) {
  return Interpretation::from_learner(learn, *held_out_loader(learn, places));
}

std::string classes_html(const Learner& learn, const Interpretation& interp) {
  const auto& target = learn.dls().pipeline().target();
  if (target->kind() == Kind::category)
    return classes_html(class_report(interp.decoded(), interp.targets(), target->vocab()));
  if (target->kind() == Kind::categories)
    return classes_html(multi_class_report(interp.decoded(), interp.targets(), target->vocab()));
  return html_note("The labels are no classes.");
}

std::string confusion_html(const Learner& learn, const Interpretation& interp) {
  if (learn.dls().pipeline().target()->kind() != Kind::category)
    return html_note("There is not one class a picture, so none is taken for another.");
  return confusion_html(ClassificationInterpretation(interp, learn.dls().vocab()));
}

}  // namespace linnet
