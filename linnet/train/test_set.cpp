#include "linnet/train/test_set.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/core/utc.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTestSetWhere = "evaluate_on_test";

int64_t earlier_looks(const fs::path& record, std::string_view test_set) {
  int64_t looks = 0;
  for (const Json& line : read_test_record(record)) {
    const Json* name = line.find("test_set");
    if (name != nullptr && name->is_string() && name->as_string() == test_set) ++looks;
  }
  return looks;
}

// Asked before the evaluation, so that no look goes unrecorded.
void require_writable(const fs::path& record) {
  if (record.empty()) {
    throw UsageError(kTestSetWhere,
                     "no record is named: each look at a test set is written down, in the "
                     "run's folder, say");
  }
  if (!std::ofstream(record, std::ios::binary | std::ios::app)) {
    throw IoError(kTestSetWhere, record,
                  "cannot be written, and each look at a test set is to be recorded. Check the "
                  "folder and its rights.");
  }
}

// Whole or not at all: half a line would make the record unreadable.
void append(const fs::path& record, const Json& line) {
  write_atomically(record, file_text(record, kTestSetWhere) + line.dump() + '\n');
}

Json line_for(const TestEvaluation& evaluation, std::string_view test_set,
              const TestSetOptions& options) {
  Json metrics = Json::object();
  for (const auto& [name, value] : evaluation.scores.metrics) metrics[name] = value;
  return Json{{"time", utc_now()},         {"test_set", test_set},
              {"look", evaluation.look},   {"model", options.model},
              {"items", evaluation.items}, {"loss", evaluation.scores.loss},
              {"metrics", metrics}};
}

}  // namespace

std::vector<Json> read_test_record(const fs::path& record) {
  std::vector<Json> lines;
  std::ifstream in(record, std::ios::binary);
  int64_t row = 0;
  for (std::string line; std::getline(in, line);) {
    ++row;
    if (line.empty()) continue;
    try {
      lines.push_back(Json::parse(line));
    } catch (const DataError& e) {
      throw DataError("read_test_record", record, e.what(), row);
    }
    if (!lines.back().is_object()) {
      throw DataError("read_test_record", record, "got no JSON object, expected one a line", row);
    }
  }
  return lines;
}

TestEvaluation evaluate_on_test(Learner& learn, const TestSetOptions& options) {
  const auto loader = learn.dls().held_back_test();
  const Json* hash = learn.dls().about.find("split_hash");
  return evaluate_on_test(learn, *loader,
                          hash != nullptr ? "held back, split " + hash->as_string() : "held back",
                          options);
}

TestEvaluation evaluate_on_test(Learner& learn, const DataLoader& loader, std::string_view test_set,
                                const TestSetOptions& options) {
  require_writable(options.record);
  TestEvaluation evaluation;
  evaluation.look = earlier_looks(options.record, test_set) + 1;
  evaluation.items = loader.items();
  auto found = learn.evaluate(loader, options.evaluate);
  evaluation.scores = std::move(found.scores);
  evaluation.predictions = std::move(found.predictions);
  append(options.record, line_for(evaluation, test_set, options));
  if (evaluation.look > 1) {
    learn.reporter().warn(fmt::format(
        "This is look {} at this test set ({} items): what was changed since the first look may "
        "have been chosen by it. Choose on the validation set; the looks are in {}.",
        evaluation.look, evaluation.items, options.record.string()));
  }
  return evaluation;
}

}  // namespace linnet
