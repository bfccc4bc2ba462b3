#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "linnet/app/collab_data.h"
#include "linnet/app/uses/collab.h"
#include "linnet/collab/read_out.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/splitters/file.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr size_t kShown = 8;  // rows at either end of a list

// The ratings as they were split for training, read from their file again.
CollabDataLoaders same_data(const RunRecord& run) {
  if (!fs::exists(run.data())) {
    throw DataError("report", run.data(), "the ratings that it was trained on are no longer there");
  }
  CollabLoaderOptions options = collab_options_of(run.about());
  options.splitter = file_splitter(run.folder / "split.csv");
  return CollabDataLoaders::from_csv(run.data(), options);
}

std::vector<Dataset::Sources> rows_of(const Dataset& data) {
  std::vector<Dataset::Sources> rows;
  for (int64_t i = 0; i < data.size(); ++i) rows.push_back(data[i]);
  return rows;
}

torch::Tensor ratings_of(const Dataset& data) {
  std::vector<double> ratings;
  for (int64_t i = 0; i < data.size(); ++i) {
    ratings.push_back(std::get<Label>(data[i].at(2)).number());
  }
  return torch::tensor(ratings, torch::kDouble);
}

double rmse_of(const torch::Tensor& errors) { return errors.square().mean().sqrt().item<double>(); }

std::string errors_html(const RunRecord& run) {
  const Learner& learn = run.learner();
  const auto data = same_data(run);
  const auto targets = ratings_of(data.valid_ds());
  const auto preds = learn.get_preds(*learn.dls().test_dl(rows_of(data.valid_ds()), {.workers = 0}))
                         .preds.reshape({-1})
                         .to(torch::kDouble);
  const auto errors = preds - targets;
  const double mean = ratings_of(data.train_ds()).mean().item<double>();
  return html_facts({{"held-out ratings", std::to_string(targets.numel())},
                     {"root of the mean squared error", fmt::format("{:.4f}", rmse_of(errors))},
                     {"mean error, without its sign",
                      fmt::format("{:.4f}", errors.abs().mean().item<double>())}}) +
         html_paragraph(fmt::format("Whoever always says the mean of the training ratings, {:.3f}, "
                                    "has {:.4f} in place of {:.4f}.",
                                    mean, rmse_of(targets - mean), rmse_of(errors)));
}

// The items that please most and least whatever the taste, by the bias.
std::string biases_html(const Learner& learn) {
  auto items = classes(learn, Side::item);
  items.erase(items.begin());  // #na#
  const auto biases = bias(learn, items);
  std::vector<size_t> order(items.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto at = [&](size_t i) { return biases[static_cast<int64_t>(i)].item<double>(); };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return at(a) > at(b); });
  HtmlTable table{.caption = "What an item brings to a rating beyond the taste of who rates",
                  .header = {"item", "bias", "most like it"},
                  .rows = {},
                  .text_columns = 1};
  for (size_t place = 0; place < order.size(); ++place) {
    if (place >= kShown && place + kShown < order.size()) continue;
    const Label& item = items[order[place]];
    const auto like = nearest(learn, item, {.n = 1});
    table.rows.push_back({item.text(), fmt::format("{:+.3f}", at(order[place])),
                          like.empty() ? "" : like[0].label.text()});
  }
  return html_table(table) + html_paragraph(fmt::format(
                                 "The {} at either end of {}. A low bias means: those who should "
                                 "like it by their taste still do not.",
                                 kShown, items.size()));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> collab_facts(const RunRecord& run) {
  const Json& about = run.about();
  const auto count = [&](const char* name) {
    const Json* number = about.find(name);
    return number == nullptr ? std::string() : std::to_string(number->as_int());
  };
  return {{"users", count("users")},
          {"items", count("items")},
          {"factors", run.value("factors")},
          {"answers lie between", run.value("y-range")}};
}

std::vector<ReportSection> collab_sections(const RunRecord& run) {
  std::vector<ReportSection> sections = {
      report_section("errors", "Errors", [&] { return errors_html(run); })};
  const Json* use_nn = run.model ? run.model->model_config.find("use_nn") : nullptr;
  if (use_nn != nullptr && !use_nn->as_bool()) {
    sections.push_back(
        report_section("items", "What pleases", [&] { return biases_html(run.learner()); }));
  }
  return sections;
}

}  // namespace linnet
