#include "linnet/data/blocks/vocab.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet::detail {

Label label_of(const Value& source, std::string_view block) {
  if (const auto* label = std::get_if<Label>(&source)) return *label;
  if (const auto* text = std::get_if<std::string>(&source)) return *text;
  if (const auto* index = std::get_if<int64_t>(&source)) return *index;
  if (const auto* number = std::get_if<double>(&source)) return *number;
  throw UsageError(block,
                   "got a source that is no label. Check get_y: it should give a label, a "
                   "text or a number");
}

std::vector<Label> different(const std::vector<Label>& labels, bool sort) {
  std::set<Label, LabelOrder> seen;
  std::vector<Label> in_order;
  for (const Label& label : labels) {
    if (seen.insert(label).second && !sort) in_order.push_back(label);
  }
  return sort ? std::vector<Label>(seen.begin(), seen.end()) : in_order;
}

std::vector<Label> with_na(std::vector<Label> labels, bool add_na) {
  if (!add_na) return labels;
  const Label na("#na#");
  std::erase(labels, na);  // a label of that name is the unknown one
  labels.insert(labels.begin(), na);
  return labels;
}

std::map<Label, int64_t, LabelOrder> index_of(const std::vector<Label>& vocab) {
  std::map<Label, int64_t, LabelOrder> index;
  for (const Label& label : vocab) index.emplace(label, static_cast<int64_t>(index.size()));
  return index;
}

std::string listed(const std::vector<Label>& vocab) {
  if (vocab.size() > 10) return "";
  std::vector<std::string> known;
  for (const Label& label : vocab) known.push_back(label.text());
  return " (" + join(known, ", ") + ")";
}

Json to_json(const std::vector<Label>& labels) {
  Json list(Json::Array{});
  for (const Label& label : labels) list.push_back(label.to_json());
  return list;
}

std::vector<Label> labels_from_json(const Json& json) {
  std::vector<Label> labels;
  for (const Json& label : json.as_array()) labels.push_back(Label::from_json(label));
  return labels;
}

}  // namespace linnet::detail
