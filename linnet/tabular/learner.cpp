#include "linnet/tabular/learner.h"

#include <memory>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/train/callbacks/one_thread.h"
#include "linnet/train/learner_file.h"
#include "linnet/train/learner_options.h"

namespace linnet {

namespace {

TabularModel build(const Json& config) {
  return TabularModel(tabular_sizes_from_json(config.at("sizes")),
                      tabular_config_from_json(config.at("config")));
}

}  // namespace

std::vector<std::pair<int64_t, int64_t>> get_emb_sz(const DataLoaders& dls,
                                                    const std::map<std::string, int64_t>& emb_szs) {
  std::vector<std::pair<int64_t, int64_t>> sizes;
  std::vector<std::string> names;
  for (const CategoryColumn& column : row_categories(dls.pipeline()).columns()) {
    const auto given = emb_szs.find(column.name);
    const int64_t n = column.size();
    sizes.emplace_back(n, given == emb_szs.end() ? emb_sz_rule(n) : given->second);
    names.push_back(column.name);
  }
  for (const auto& [name, width] : emb_szs) detail::place_in(names, name, "get_emb_sz");
  return sizes;
}

Learner tabular_learner(const DataLoaders& dls, const TabularLearnerOptions& options) {
  const Kind target = dls.pipeline().target()->kind();
  if (options.y_range && (target == Kind::category || target == Kind::categories)) {
    throw UsageError("tabular_learner", "y_range is for numbers: these targets are classes");
  }
  const auto n_cont = row_numbers(dls.pipeline()).columns().size();
  const TabularSizes sizes{.emb_szs = get_emb_sz(dls, options.emb_szs),
                           .n_cont = static_cast<int64_t>(n_cont),
                           .out_sz = options.n_out ? *options.n_out : dls.c(),
                           .layers = options.layers,
                           .y_range = options.y_range};
  LearnerOptions common = learner_options(options);
  common.callbacks.push_back(std::make_shared<OneThread>());
  Learner learn(dls, TabularModel(sizes, options.config), std::move(common));
  learn.model_config =
      Json{{"kind", "tabular"}, {"sizes", to_json(sizes)}, {"config", to_json(options.config)}};
  learn.set_reporter(*options.reporter);
  return learn;
}

Prediction predict_row(const Learner& learn, const NamedCells& cells) {
  const Value row = row_source(learn.dls().pipeline(), cells);
  return learn.predictor().predict_inputs({row, row});
}

const Registered<LearnerKind> tabular_kind{
    {"tabular", [](const Json& config) -> Network { return build(config); }}};

}  // namespace linnet
