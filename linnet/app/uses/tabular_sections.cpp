#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "linnet/app/held_out.h"
#include "linnet/app/tabular_data.h"
#include "linnet/app/uses/tabular.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/splitters/file.h"
#include "linnet/tabular/importance.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::string names_of(const Json& about, const char* name) {
  const Json* names = about.find(name);
  return names == nullptr ? "" : join(names->as_strings(), ", ");
}

/** The rows that split.csv in the run's folder holds out, read from the table again. */
std::shared_ptr<const DataLoader> held_out_rows(const RunRecord& run) {
  if (!fs::exists(run.data())) {
    throw DataError("report", run.data(), "the table that it was trained on is no longer there");
  }
  const Learner& learn = run.learner();
  const RowReader reader(learn.dls().pipeline(), learn.dls().about);
  const Table table = reader.inputs(reader.file(run.data()));
  if (table.rows() < learn.dls().about.at("rows").as_int()) {
    throw DataError("report", run.data(), "has fewer rows than it had for training");
  }
  const auto split = file_splitter(run.folder / "split.csv", {.new_items = NewItems::leave_out});
  return tabular_test_dl(learn.dls(), table.subset(split(row_items(table)).valid),
                         {.with_labels = true});
}

std::string errors_html(const Interpretation& interp) {
  const auto errors =
      (interp.preds().reshape({interp.size(), -1}) - interp.targets().reshape({interp.size(), -1}))
          .to(torch::kDouble);
  const auto targets = interp.targets().to(torch::kDouble).reshape({interp.size(), -1});
  const double rmse = errors.square().mean().sqrt().item<double>();
  const double spread = (targets - targets.mean(0)).square().mean().sqrt().item<double>();
  return html_facts(
             {{"root of the mean squared error", fmt::format("{:.5g}", rmse)},
              {"mean error, without its sign",
               fmt::format("{:.5g}", errors.abs().mean().item<double>())},
              {"mean error, with its sign", fmt::format("{:.5g}", errors.mean().item<double>())}}) +
         html_paragraph(fmt::format(
             "Whoever always says the mean of these rows has {:.5g} in place of {:.5g}.", spread,
             rmse));
}

std::string importance_html(const Learner& learn, const DataLoader& rows) {
  HtmlTable table{.caption =
                      "How much larger the loss on the held-out rows is with one column dealt "
                      "out to other rows",
                  .header = {"column", "loss", "spread"},
                  .rows = {}};
  for (const ColumnImportance& column : permutation_importance(learn, rows)) {
    table.rows.push_back(
        {column.name, fmt::format("{:+.4g}", column.loss), fmt::format("{:.2g}", column.spread)});
  }
  return html_table(table) +
         html_paragraph(
             "Columns that say the same share the credit: each alone looks needless. This "
             "is what the model uses, not what causes what.");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> tabular_facts(const RunRecord& run) {
  const Json& about = run.about();
  return {{"predicts", names_of(about, "y_names")},
          {"categories", names_of(about, "cat_names")},
          {"numbers", names_of(about, "cont_names")},
          {"dates taken apart", names_of(about, "dates")},
          {"hidden layers", run.value("layers")}};
}

std::vector<ReportSection> tabular_sections(const RunRecord& run) {
  const Learner& learn = run.learner();
  std::shared_ptr<const DataLoader> rows;  // read once, by the section that needs them first
  const auto loader = [&]() -> const DataLoader& {
    if (rows == nullptr) rows = held_out_rows(run);
    return *rows;
  };
  HeldOut held_out([&] { return Interpretation::from_learner(learn, loader()); });
  std::vector<ReportSection> sections;
  if (learn.dls().pipeline().target()->kind() == Kind::category) {
    sections.push_back(
        report_section("classes", "By class", [&] { return classes_html(learn, held_out()); }));
    sections.push_back(report_section("confusion", "What is taken for what",
                                      [&] { return confusion_html(learn, held_out()); }));
  } else {
    sections.push_back(report_section("errors", "Errors", [&] { return errors_html(held_out()); }));
  }
  sections.push_back(report_section("columns", "Which columns it needs",
                                    [&] { return importance_html(learn, loader()); }));
  return sections;
}

}  // namespace linnet
