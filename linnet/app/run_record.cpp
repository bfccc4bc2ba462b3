#include "linnet/app/run_record.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/interpret/diagrams.h"
#include "linnet/io/file_text.h"
#include "linnet/train/learner_file.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRunRecordWhere = "report";

}  // namespace

const Learner& RunRecord::learner() const {
  if (!model) throw DataError(kRunRecordWhere, "the model cannot be read: " + no_model);
  return *model;
}

const Json& RunRecord::about() const {
  const Json* data = card.find("data");
  if (data == nullptr) data = config.find("data");
  return data != nullptr ? *data : nothing_;
}

std::string RunRecord::value(std::string_view name) const {
  const Json* values = config.find("values");
  const Json* value = values != nullptr ? values->find(name) : nullptr;
  if (value == nullptr || value->is_null()) return "";
  if (value->is_string()) return value->as_string();
  if (value->is_array()) return join(value->as_strings(), ", ");
  if (value->is_int()) return fmt::format("{}", value->as_int());
  return value->is_number() ? fmt::format("{:g}", value->as_double()) : value->dump();
}

std::string RunRecord::fact(std::string_view name) const {
  const Json* value = config.find(name);
  return value != nullptr && value->is_string() ? value->as_string() : "";
}

fs::path RunRecord::data() const { return fs::path(fact("folder")) / value("path"); }

std::string RunRecord::model_name() const {
  return model ? detail::model_name(*model) : value("arch");
}

RunRecord read_run(const fs::path& folder) {
  RunRecord run;
  run.folder = folder;
  const fs::path config = folder / "config.json";
  if (!fs::exists(config)) {
    throw DataError(kRunRecordWhere, folder,
                    fs::is_directory(folder)
                        ? "holds no run of linnet: there is no config.json in it"
                        : "there is no such folder. Give the folder of a run of linnet train.");
  }
  try {
    run.config = Json::parse(file_text(config, kRunRecordWhere));
  } catch (const DataError& e) {
    throw DataError(kRunRecordWhere, config, e.what());
  }
  try {
    run.card = read_learner_card(folder / "model.safetensors");
    run.model = load_learner(folder / "model.safetensors", {.reporter = &silent_reporter()});
  } catch (const std::exception& e) {
    run.no_model = e.what();
  }
  try {
    if (fs::exists(folder / "log.csv")) run.log = read_csv(folder / "log.csv");
  } catch (const std::exception& e) {
    run.no_log = e.what();
  }
  return run;
}

}  // namespace linnet
