#include "linnet/web/model_card.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "linnet/app/model_use.h"
#include "linnet/app/run_folder.h"
#include "linnet/core/error.h"
#include "linnet/core/reporter.h"
#include "linnet/interpret/diagrams.h"
#include "linnet/io/file_text.h"
#include "linnet/train/learner_file.h"

namespace linnet::web {

namespace {

namespace fs = std::filesystem;
using Facts = std::vector<std::pair<std::string, std::string>>;

void add(Facts& facts, const std::string& name, std::string value) {
  if (!value.empty()) facts.emplace_back(name, std::move(value));
}

std::string text_of(const Json* value) {
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? value->as_string() : value->dump();
}

std::string data_text(const Json& data) {
  const Json* path = data.find("data");
  if (path == nullptr || !path->is_string() || path->as_string().empty()) return {};
  return data_name(path->as_string());
}

std::string counts_text(const Json& data) {
  std::string text;
  for (const auto& [member, words] :
       {std::pair("train", "trained on"), std::pair("valid", "held out"),
        std::pair("test", "kept for a last test")}) {
    const Json* count = data.find(member);
    if (count == nullptr || !count->is_int() || count->as_int() == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count->as_int(), words);
  }
  return text;
}

std::string rule_of(const Json& data, const char* member) {
  const Json* rule = data.find(member);
  return rule != nullptr && rule->is_object() ? detail::rule_text(*rule) : std::string();
}

// The columns of the last epoch.
void add_results(Facts& facts, const Json& card) {
  const Json* history = card.find("history");
  if (history == nullptr || !history->is_array() || history->as_array().empty()) return;
  for (const auto& [name, value] : history->as_array().back().as_object()) {
    if (name == "epoch" || name == "train_loss" || !value.is_number()) continue;
    add(facts, name, fmt::format("{:.4g}", value.as_double()));
  }
}

// What its kind tells of it. A file without its run knows little of how it was trained.
void add_own(Facts& facts, const RunRecord& run) {
  if (run.config.as_object().empty()) {
    add(facts, "labels", rule_of(run.about(), "label"));
    return;
  }
  for (auto& [name, value] : use_of(run.learner(), "serve").facts(run))
    add(facts, name, std::move(value));
}

std::string date_of(const fs::path& file) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0) throw IoError("serve", file, std::strerror(errno));
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(about.st_mtime));
}

Facts facts_of(const RunRecord& run, const fs::path& file) {
  Facts facts;
  const Json* model = run.card.find("model");
  add(facts, "model", model == nullptr ? "" : text_of(model->find("arch")));
  if (const Json* data = run.card.find("data"); data != nullptr && data->is_object()) {
    add(facts, "data", data_text(*data));
    add(facts, "items", counts_text(*data));
    add(facts, "split", rule_of(*data, "split"));
  }
  add_own(facts, run);
  add_results(facts, run.card);
  add(facts, "made", date_of(file));
  add(facts, "by linnet", text_of(run.card.find("linnet")));
  return facts;
}

}  // namespace

KnownModel read_known_model(const fs::path& file, Precision precision) {
  RunRecord run;
  run.folder = fs::absolute(file).parent_path();
  const fs::path config = run.folder / "config.json";
  if (file.filename() == "model.safetensors" && fs::exists(config))
    run.config = Json::parse(file_text(config, "serve"));
  run.card = read_learner_card(file);
  run.model = load_learner(file, {.reporter = &silent_reporter(), .for_prediction = precision});
  Facts facts = facts_of(run, file);
  return {.learn = std::move(*run.model), .facts = std::move(facts)};
}

}  // namespace linnet::web
