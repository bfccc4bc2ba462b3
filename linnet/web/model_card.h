#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "linnet/train/learner.h"
#include "linnet/train/precision.h"

namespace linnet::web {

/** A saved learner, and what people should know of it before they trust it, as names and values:
 * what it is, what it was trained on and when, who was held out, what its kind tells in reports,
 * how well it does. Nothing that tells where files lie. */
struct KnownModel {
  Learner learn;
  std::vector<std::pair<std::string, std::string>> facts;
};

/** What the kind tells is there when the file lies in its run's folder.
 *  errors  DataError as load_learner, and for a broken config.json; IoError when it is gone */
KnownModel read_known_model(const std::filesystem::path& file, Precision precision);

}  // namespace linnet::web
