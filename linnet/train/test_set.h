#pragma once

#include <cstdint>
#include <filesystem>

#include "linnet/core/json.h"
#include "linnet/train/learner.h"

namespace linnet {

struct TestSetOptions {
  /** The record: a file of JSON lines in the run's folder or beside the model, one an evaluation.
   */
  std::filesystem::path record;
  std::string model = "";  // what the line calls the model: its file's name, say
  EvaluateOptions evaluate = {};
};

/** What a look at a test set gave. */
struct TestEvaluation {
  Evaluation scores;
  int64_t items = 0;
  Predictions predictions = {};  // when they are kept
  int64_t look = 1;              // the how manieth look at this test set the record knows of
};

/** Loss and metrics on the test set that was held back when the data were declared, and a line in
 * the record. The only way to it: a test set tells the truth once; who looks at it, changes
 * something and looks again has chosen by it. From the second look on the reporter is warned.
 *  errors  UsageError when nothing is held back, or no record is named; IoError when the record
 *          cannot be written, before anything is evaluated; DataError for a record that holds other
 *          things
 *  source  own; Howard, Gugger 2020, chapter 1 "Validation sets and test sets"
 */
TestEvaluation evaluate_on_test(Learner& learn, const TestSetOptions& options);

/** The same for labelled items that come from elsewhere (a test folder, after training): `loader`
 * over them and a name for them, which tells this test set from others in the record. */
TestEvaluation evaluate_on_test(Learner& learn, const DataLoader& loader, std::string_view test_set,
                                const TestSetOptions& options);

/** The record's lines, oldest first; none when there is no such file. DataError with the line for
 * what is no JSON object. */
std::vector<Json> read_test_record(const std::filesystem::path& record);

}  // namespace linnet
