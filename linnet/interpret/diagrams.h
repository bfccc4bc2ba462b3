#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/plot/diagram.h"
#include "linnet/train/learner.h"

namespace linnet {

/** What a diagram tells of a training beside the learner itself. What is not known is left out. */
struct TrainingFacts {
  std::vector<std::string> metrics = {};    // names
  Json last_row = nullptr;                  // figures of the last epoch by column name
  std::optional<double> lr = std::nullopt;  // as it was asked for
  std::string optimizer = "";               // its name
};

/** Of a learner that has data, as it is now. */
TrainingFacts training_facts(const Learner& learn);
/** From what a saved learner tells of itself (`read_learner_card`). */
TrainingFacts training_facts(const Json& card);

enum class LoopPicture { all, last };

/** How a program becomes a model that learns, in the four pictures of the book's first chapter, one
 * below the other: a program, a model with weights, training by performance, and the same in
 * today's words (architecture, parameters, predictions, labels, loss). The boxes hold this
 * learner's own data, architecture, numbers of parameters and classes, loss, rate and last figures.
 * `last` draws the fourth alone.
 *  source  Howard, Gugger 2020, chapter 1 "What Is Machine Learning?"
 */
Diagram loop_diagram(const Learner& learn, const TrainingFacts& facts,
                     LoopPicture picture = LoopPicture::all);

/** The road of an item: where items come from, who is on which side, how they are labelled, what
 * happens to each (in running order) and to each batch, then the model. UsageError for a learner
 * without a pipeline.
 */
Diagram data_diagram(const Learner& learn);

/** The network by block, in its order: kind, output sizes of one item and number of parameters;
 * blocks that belong together (body, head) in a frame. Sizes are known when the first input is a
 * picture or the learner has data. Not during a fit: UsageError.
 */
Diagram model_diagram(const Learner& learn);

namespace detail {

/** "21,797,672" */
std::string grouped(int64_t number);
/** "Conv2d" for torch::nn::Conv2dImpl. */
std::string type_of(const torch::nn::Module& module);
/** "cat, dog, and 35 more" */
std::string listed(const std::vector<Label>& labels, size_t most = 4);
/** The name of what was trained: the architecture's when it is known. */
std::string model_name(const Learner& learn);
int64_t parameters_of(const torch::nn::Module& module);
/** What a rule says of itself as a few words: {"rule": "regex", "pattern": "^a"} is
 * "regex, pattern ^a". Null or another value is "". */
std::string rule_text(const Json& config);

}  // namespace detail
}  // namespace linnet
