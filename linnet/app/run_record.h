#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/data/table.h"
#include "linnet/train/learner.h"

namespace linnet {

/** What a run's folder holds. */
struct RunRecord {
  std::filesystem::path folder;
  Json config = Json::object();
  Json card = Json::object();         // of the model; empty when it is not there
  std::optional<Learner> model = {};  // likewise
  std::string no_model = "";          // why
  std::optional<Table> log = {};
  std::string no_log = "";

  /** The model. DataError, which says why, when it cannot be read. */
  const Learner& learner() const;
  /** What is known of the data: `DataLoaders::about`; empty when nothing is. */
  const Json& about() const;
  /** What the job was asked for, as text; "" when it is not known. */
  std::string value(std::string_view name) const;
  /** A text of config.json; "" when it is not there. */
  std::string fact(std::string_view name) const;
  /** Where the data are, or were. */
  std::filesystem::path data() const;
  /** What was trained: "resnet34". */
  std::string model_name() const;

 private:
  Json nothing_ = Json::object();
};

/** A model or log that cannot be read is left out, and why is kept: a report shows the rest.
 *  errors  DataError when the folder holds no run
 */
RunRecord read_run(const std::filesystem::path& folder);

}  // namespace linnet
