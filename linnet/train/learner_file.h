#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "linnet/core/json.h"
#include "linnet/core/registry.h"
#include "linnet/train/learner.h"
#include "linnet/train/precision.h"

namespace linnet {

/** A kind of learner that can be read from a file: how its network is built from what `export_to`
 * stored. */
struct LearnerKind {
  std::string_view name;                       // "vision"
  Network (*build)(const Json& model_config);  // with any weights: the file's own follow
};
template <>
Registry<LearnerKind>& registry<LearnerKind>();

/** What an exported file says of itself, without its weights being read: data, split, metrics,
 * versions. DataError when `file` is no learner of linnet's.
 */
Json read_learner_card(const std::filesystem::path& file);

struct LoadLearnerOptions {
  std::vector<MetricSpec> metrics = {};      // for `validate`; a file names its metrics only
  Reporter* reporter = &console_reporter();  // the learner's
  /** Predicts with folded weights of this precision, and does not train:
   * `Learner::prepare_for_prediction`. By default it does what any learner does. */
  std::optional<Precision> for_prediction = std::nullopt;
};

/** A learner that predicts, from what `Learner::export_to` wrote. Reading runs no code of the
 * file's. errors  DataError when the file is missing, cut short, of another format or of a newer
 * version
 */
Learner load_learner(const std::filesystem::path& file, const LoadLearnerOptions& options = {});

/** What predicts, of such a file: with folded weights of that precision, or the plain network. As
 * load_learner. */
Predictor load_predictor(const std::filesystem::path& file,
                         std::optional<Precision> precision = Precision::float32);

}  // namespace linnet
