#pragma once

#include <cstdint>

#include "linnet/metric/metric.h"

namespace linnet::metrics {

struct PerplexityOptions {
  int64_t axis = -1;  // of pred, where the words are
};
struct CorpusBleuOptions {
  int64_t axis = -1;
};

std::unique_ptr<Metric> make_perplexity(const PerplexityOptions& options);
std::unique_ptr<Metric> make_corpus_bleu(const CorpusBleuOptions& options);

/** exp(mean cross entropy) of all words: among how many equally likely words the model is left to
 * choose; 1 is ideal. pred (rows, length, words) scores, target (rows, length). fastai takes the
 * learner's loss, whatever it is, weighted by rows: the same number for cross entropy and rows of
 * one length. source  fastai 2.7 Perplexity (golden metrics)
 */
inline constexpr ConfigurableMetric<PerplexityOptions> perplexity{
    {"perplexity", [] { return make_perplexity({}); }, Better::lower}, make_perplexity};
/** How many runs of 1 to 4 words of the best-scored text are in the target, over all texts, 0 to
 * 1. A run length that nothing matches counts as a half, then a quarter and so on within a text.
 * source  Papineni et al. 2002 with the smoothing of mteval; fastai 2.7 CorpusBLEUMetric
 */
inline constexpr ConfigurableMetric<CorpusBleuOptions> corpus_bleu{
    {"corpus_bleu", [] { return make_corpus_bleu({}); }, Better::higher}, make_corpus_bleu};

}  // namespace linnet::metrics
