#include <fmt/format.h>

#include "linnet/core/strings.h"
#include "linnet/interpret/diagrams.h"

namespace linnet {

TrainingFacts training_facts(const Learner& learn) {
  TrainingFacts facts;
  for (const MetricSpec& metric : learn.options().metrics) facts.metrics.push_back(metric.name());
  if (!learn.recorder().rows().empty()) facts.last_row = learn.recorder().rows().back();
  if (learn.dls().has_data()) facts.lr = learn.options().lr;
  return facts;
}

TrainingFacts training_facts(const Json& card) {
  TrainingFacts facts;
  if (const Json* metrics = card.find("metrics")) facts.metrics = metrics->as_strings();
  const Json* history = card.find("history");
  if (history != nullptr && history->is_array() && !history->as_array().empty())
    facts.last_row = history->as_array().back();
  return facts;
}

namespace detail {

std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  const int64_t first = number < 0 ? 1 : 0;
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > first; at -= 3)
    text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string type_of(const torch::nn::Module& module) {
  std::string name = module.name();
  name = name.substr(name.rfind(':') + 1);
  return name.ends_with("Impl") ? name.substr(0, name.size() - 4) : name;
}

std::string listed(const std::vector<Label>& labels, size_t most) {
  std::vector<std::string> words;
  for (const Label& label : labels) {
    if (words.size() == most && labels.size() > most + 1) {
      words.push_back(fmt::format("and {} more", labels.size() - most));
      break;
    }
    words.push_back(label.text());
  }
  return join(words, ", ");
}

std::string model_name(const Learner& learn) {
  const Json* arch = learn.model_config.find("arch");
  return arch != nullptr && arch->is_string() ? arch->as_string()
                                              : type_of(learn.network().module());
}

int64_t parameters_of(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const auto& parameter : module.parameters()) count += parameter.numel();
  return count;
}

std::string rule_text(const Json& config) {
  if (!config.is_object()) return "";
  std::vector<std::string> words;
  for (const auto& [name, value] : config.as_object()) {
    const bool empty = value.is_null() || (value.is_string() && value.as_string().empty()) ||
                       (value.is_array() && value.as_array().empty()) || value == Json(false);
    if (empty) continue;
    const std::string text = value.is_string()   ? value.as_string()
                             : value.is_object() ? "(" + rule_text(value) + ")"
                             : value.is_number() && !value.is_int()
                                 ? fmt::format("{:.4g}", value.as_double())
                                 : value.dump();
    const bool names_itself = name == "rule" || name == "splitter" || name == "name";
    words.push_back(names_itself ? text : name + " " + text);
  }
  return join(words, ", ");
}

}  // namespace detail
}  // namespace linnet
