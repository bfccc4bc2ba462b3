#include "linnet/train/learner_file.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/version.h"
#include "linnet/io/safetensors.h"
#include "linnet/io/weights.h"

namespace linnet {

namespace fs = std::filesystem;

template <>
Registry<LearnerKind>& registry<LearnerKind>() {
  static Registry<LearnerKind> rows("kind of learner");
  return rows;
}

namespace {

constexpr int64_t kLearnerFormatVersion = 1;
constexpr const char* kFormatKey = "format";
constexpr const char* kLearnerFormat = "linnet-learner";
constexpr const char* kCardKey = "learner";
constexpr std::string_view kModelPrefix = "model.";
constexpr std::string_view kOptPrefix = "opt.";
constexpr const char* kOptKey = "opt";

const std::string* find_text(const SafetensorsMetadata& metadata, std::string_view key) {
  for (const auto& [name, text] : metadata) {
    if (name == key) return &text;
  }
  return nullptr;
}

Json card_from(const SafetensorsMetadata& metadata, const fs::path& file) {
  const auto* format = find_text(metadata, kFormatKey);
  const auto* card = find_text(metadata, kCardKey);
  if (format == nullptr || *format != kLearnerFormat || card == nullptr) {
    throw DataError("load_learner", file,
                    "holds tensors, but no learner that linnet exported. Weights alone are for "
                    "`linnet train --weights FILE`.");
  }
  Json json = Json::parse(*card);
  const auto version = json.at("format_version").as_int();
  if (version > kLearnerFormatVersion) {
    throw DataError(
        "load_learner", file,
        fmt::format("has format version {}, this linnet {} reads up to {}. Update linnet.", version,
                    kVersion, kLearnerFormatVersion));
  }
  return json;
}

fs::path model_file(const fs::path& root, const std::string& name) {
  return root / "models" / (name + ".safetensors");
}

// The weights are not there yet.
void refuse_while_resuming(const char* where, bool resuming) {
  if (!resuming) return;
  throw UsageError(where,
                   "the fit that is to be resumed has not been called: make the fits of the "
                   "run that wrote the checkpoint");
}

// Without the time, so that equal trainings make equal files.
Json history_of(const std::vector<Json>& rows) {
  Json history(Json::Array{});
  for (const Json& row : rows) {
    Json kept = Json::object();
    for (const auto& [name, value] : row.as_object()) {
      if (name != "time") kept[name] = value;
    }
    history.push_back(std::move(kept));
  }
  return history;
}

// A stored name may be one that this version does not know: then the file is at fault, not the
// caller.
template <class Read>
auto from_file(const fs::path& file, Read read) {
  try {
    return read();
  } catch (const UsageError& e) {
    throw DataError("load_learner", file, e.what());
  }
}

// load_learner finds parts by their names: what it would refuse is not written.
void require_loadable(const Learner& learn) {
  const auto refuse = [](const std::string& why) {
    throw UsageError("Learner::export_to",
                     why + "; or use save, and load into a learner that is made in the same way");
  };
  if (!learn.export_obstacle.empty()) refuse(learn.export_obstacle);
  if (learn.model_config.is_null()) {
    refuse(
        "linnet cannot build this network again from a file. Register a LearnerKind that does, "
        "and set the learner's model_config for it");
  }
  if (!learn.dls().has_pipeline()) {
    refuse("its data are finished tensors, so nothing says what a new item becomes");
  }
  try {
    make_loss(learn.loss().name(), learn.loss().config());
    Pipeline::from_config(learn.dls().pipeline().config());
  } catch (const Error& e) {
    refuse(
        fmt::format("load_learner could not read a part again: {} Register that part "
                    "(core/registry.h) in every program that is to load it",
                    e.what()));
  }
}

}  // namespace

fs::path Learner::save(const std::string& name, bool with_opt) const {
  lock_->refuse_beside_fit("Learner::save");
  refuse_while_resuming("Learner::save", resuming());
  const auto file = model_file(options_.path, name);
  std::error_code failure;
  fs::create_directories(file.parent_path(), failure);
  if (failure) throw IoError("Learner::save", file.parent_path(), failure.message());
  StateDict tensors;
  tensors.add_below(kModelPrefix, state_dict_of(network_.module()));
  SafetensorsMetadata metadata;
  if (with_opt && opt_) {
    const auto state = opt_->state_dict();
    for (const auto& [part, tensor] : state.tensors)
      tensors.add(std::string(kOptPrefix) + part, tensor);
    metadata.emplace_back(kOptKey, state.meta.dump());
  }
  write_safetensors(file, tensors, metadata);
  return file;
}

void Learner::load(const std::string& name, bool with_opt) {
  lock_->refuse_beside_fit("Learner::load");
  refuse_prepared("Learner::load");
  auto file = model_file(options_.path, name);
  if (!fs::exists(file))
    file = name;  // a path: a fastai `learn.save` file, or weights from elsewhere
  const StateDict weights = load_weights(file);
  const StateDict model = weights.below(kModelPrefix);
  apply_state_dict(network_.module(), model.empty() ? weights : model, {.where = "Learner::load"});
  if (!with_opt || model.empty()) return;
  const auto metadata = read_safetensors_metadata(file);
  if (const auto* config = find_text(metadata, kOptKey)) {
    OptimizerState state{.tensors = {}, .meta = Json::parse(*config)};
    for (const auto& [part, tensor] : weights.below(kOptPrefix))
      state.tensors.emplace_back(part, tensor);
    opt().load_state_dict(state);
  }
}

void Learner::export_to(const fs::path& file) const {
  lock_->refuse_beside_fit("Learner::export_to");
  refuse_while_resuming("Learner::export_to", resuming());
  require_loadable(*this);
  Json metrics(Json::Array{});
  for (const MetricSpec& metric : options_.metrics) metrics.push_back(metric.name());
  const Json card{{"format_version", kLearnerFormatVersion},
                  {"linnet", kVersion},
                  {"model", model_config},
                  {"pipeline", dls_.pipeline().config()},
                  {"loss", Json{{"name", loss_.name()}, {"config", loss_.config()}}},
                  {"metrics", metrics},
                  {"data", dls_.about},
                  {"history", history_of(recorder_->rows())}};
  StateDict tensors;
  tensors.add_below(kModelPrefix, state_dict_of(network_.module()));
  write_safetensors(file, tensors, {{kFormatKey, kLearnerFormat}, {kCardKey, card.dump()}});
}

Json read_learner_card(const fs::path& file) {
  return card_from(read_safetensors_metadata(file), file);
}

Learner load_learner(const fs::path& file, const LoadLearnerOptions& wanted) {
  const SafetensorsFile stored = read_safetensors(file);
  const Json card = card_from(stored.metadata, file);
  Learner learn = from_file(file, [&] {
    const Json& model = card.at("model");
    const Network network = registry<LearnerKind>().at(model.at("kind").as_string()).build(model);
    apply_state_dict(network.module(), stored.tensors.below(kModelPrefix),
                     {.where = "load_learner"});
    auto dls = DataLoaders::without_data(Pipeline::from_config(card.at("pipeline")));
    dls.about = card.at("data");
    LearnerOptions options;
    options.metrics = wanted.metrics;
    options.loss = make_loss(card.at("loss").at("name").as_string(), card.at("loss").at("config"));
    Learner loaded(std::move(dls), network, std::move(options));
    loaded.model_config = model;
    loaded.set_reporter(*wanted.reporter);
    return loaded;
  });
  if (wanted.for_prediction) learn.prepare_for_prediction(*wanted.for_prediction);
  return learn;
}

Predictor load_predictor(const fs::path& file, std::optional<Precision> precision) {
  return load_learner(file, {.for_prediction = precision}).predictor();
}

}  // namespace linnet
