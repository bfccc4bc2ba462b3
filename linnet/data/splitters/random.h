#pragma once

#include <cstdint>
#include <optional>

#include "linnet/data/split.h"

namespace linnet {

/** Holds out int(valid_pct * n) items by `torch::manual_seed(seed); torch::randperm(n)`, as fastai
 * does: the same seed and list give fastai's own split. As in fastai the global torch generator
 * stays seeded, so the head's weights repeat too. Without a seed the split is another one each
 * time.
 *  valid_pct   fraction in [0, 1], else UsageError
 *  source      fastai 2.7 RandomSplitter (golden splitters, exact)
 */
Splitter random_splitter(double valid_pct = 0.2, std::optional<uint64_t> seed = std::nullopt);

/** int(train_sz * n) items to train on and int(valid_sz * n) to validate; the others are left out.
 *  train_sz, valid_sz   fractions in (0, 1), together at most 1, else UsageError
 *  source               fastai 2.7 RandomSubsetSplitter (golden splitters, exact)
 */
Splitter random_subset_splitter(double train_sz, double valid_sz,
                                std::optional<uint64_t> seed = std::nullopt);

}  // namespace linnet
