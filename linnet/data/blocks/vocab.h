#pragma once

#include <map>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/value.h"

// Insides that the blocks for labels share.
namespace linnet::detail {

/** A source as a label: a Label, a text or a number. UsageError that names `block` for anything
 * else. */
Label label_of(const Value& source, std::string_view block);

/** The different ones, sorted or in the order met. */
std::vector<Label> different(const std::vector<Label>& labels, bool sort);

/** `labels` with #na# before them if asked for; a label of that name is this one. */
std::vector<Label> with_na(std::vector<Label> labels, bool add_na);

std::map<Label, int64_t, LabelOrder> index_of(const std::vector<Label>& vocab);

/** " (cat, dog)" for a message, empty when there are more than ten. */
std::string listed(const std::vector<Label>& vocab);

Json to_json(const std::vector<Label>& labels);
std::vector<Label> labels_from_json(const Json& json);

}  // namespace linnet::detail
