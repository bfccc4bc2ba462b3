#include "linnet/tabular/importance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/random.h"
#include "linnet/data/tensor_loader.h"
#include "linnet/tabular/rows.h"

namespace linnet {

namespace {

/** The rows as the model gets them. */
struct Rows {
  std::vector<torch::Tensor> x, y;
};

Rows rows_of(const DataLoader& loader) {
  std::vector<std::vector<torch::Tensor>> x, y;
  const auto add = [](std::vector<std::vector<torch::Tensor>>& parts,
                      const std::vector<Column>& columns) {
    parts.resize(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) parts[i].push_back(columns[i].data);
  };
  const auto in_order = loader.in_order();
  const auto stream = (in_order != nullptr ? *in_order : loader).stream(0);
  while (const auto batch = stream->next()) {
    add(x, batch->x);
    add(y, batch->y);
  }
  Rows rows;
  for (const auto& parts : x) rows.x.push_back(torch::cat(parts));
  for (const auto& parts : y) rows.y.push_back(torch::cat(parts));
  if (rows.y.empty()) {
    throw UsageError("permutation_importance",
                     "these rows have no targets: nobody knows what is "
                     "lost");
  }
  return rows;
}

/** Where one column of the table went: as a code, as a number, as the mark of a missing number. */
struct Places {
  std::string name;
  std::vector<int64_t> codes, numbers;
};

std::vector<Places> places_of(const Pipeline& pipeline) {
  std::vector<Places> all;
  for (const std::string& name : row_categories(pipeline).row()) {
    Places places{.name = name, .codes = {}, .numbers = {}};
    const auto& codes = row_categories(pipeline).columns();
    for (size_t i = 0; i < codes.size(); ++i) {
      const bool is_cell = codes[i].missing_of.empty() && codes[i].name == name;
      if (is_cell || codes[i].missing_of == name) places.codes.push_back(static_cast<int64_t>(i));
    }
    const auto& numbers = row_numbers(pipeline).columns();
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i].name == name) places.numbers.push_back(static_cast<int64_t>(i));
    }
    all.push_back(std::move(places));
  }
  return all;
}

torch::Tensor shuffled_positions(int64_t n, Generator& random) {
  auto positions = torch::arange(n);
  auto* values = positions.data_ptr<int64_t>();
  for (int64_t i = n - 1; i > 0; --i) std::swap(values[i], values[random.integer(i + 1)]);
  return positions;
}

// The columns at `places` with their rows in another order, all the others as they are.
torch::Tensor with_shuffled(const torch::Tensor& rows, const std::vector<int64_t>& places,
                            const torch::Tensor& order) {
  auto changed = rows.clone();
  for (const int64_t place : places) {
    changed.select(1, place).copy_(rows.select(1, place).index_select(0, order));
  }
  return changed;
}

Evaluation evaluate(const Learner& learn, const Rows& rows) {
  const TensorLoader loader(rows.x, rows.y, {.bs = 1024});
  const auto all = learn.get_preds(loader, {.with_losses = true, .act = false});
  Evaluation evaluation{.loss = all.losses.mean().item<double>(), .metrics = {}};
  for (const MetricSpec& spec : learn.options().metrics) {
    const auto metric = spec.make();
    metric->reset();
    metric->update(all.preds, all.targets);
    evaluation.metrics.emplace_back(spec.name(), metric->value());
  }
  return evaluation;
}

ColumnImportance importance_of(const Learner& learn, const Rows& rows, const Places& places,
                               const Evaluation& base, const ImportanceOptions& options) {
  ColumnImportance importance{.name = places.name,
                              .metrics = std::vector<double>(base.metrics.size(), 0)};
  const auto n = static_cast<double>(options.repeats);
  double squares = 0;
  for (int64_t repeat = 0; repeat < options.repeats; ++repeat) {
    // The same shufflings for every column.
    Generator random({options.seed, static_cast<uint64_t>(repeat)});
    const auto order = shuffled_positions(rows.x[0].size(0), random).to(rows.x[0].device());
    const auto [loss, metrics] =
        evaluate(learn, {.x = {with_shuffled(rows.x[0], places.codes, order),
                               with_shuffled(rows.x[1], places.numbers, order)},
                         .y = rows.y});
    importance.loss += (loss - base.loss) / n;
    squares += (loss - base.loss) * (loss - base.loss) / n;
    for (size_t i = 0; i < metrics.size(); ++i) {
      importance.metrics[i] += (metrics[i].second - base.metrics[i].second) / n;
    }
  }
  importance.spread = std::sqrt(std::max(0.0, squares - importance.loss * importance.loss));
  return importance;
}

}  // namespace

std::vector<ColumnImportance> permutation_importance(const Learner& learn, const DataLoader& loader,
                                                     const ImportanceOptions& options) {
  if (options.repeats < 1) {
    throw UsageError("permutation_importance",
                     fmt::format("repeats: got {}, expected 1 or more", options.repeats));
  }
  const auto places = places_of(learn.dls().pipeline());
  const Rows rows = rows_of(loader);
  const Evaluation base = evaluate(learn, rows);
  std::vector<ColumnImportance> all;
  for (const Places& column : places) {
    all.push_back(importance_of(learn, rows, column, base, options));
  }
  std::stable_sort(
      all.begin(), all.end(),
      [](const ColumnImportance& a, const ColumnImportance& b) { return a.loss > b.loss; });
  return all;
}

std::vector<ColumnImportance> permutation_importance(const Learner& learn,
                                                     const ImportanceOptions& options) {
  return permutation_importance(learn, learn.dls().valid(), options);
}

}  // namespace linnet
