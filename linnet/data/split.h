#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

/** Positions of the items on either side, each in the order in which it is used. */
struct SplitIndices {
  std::vector<int64_t> train;
  std::vector<int64_t> valid;
};

/** Decides who is held out, from the items' paths. Splitters are plain functions; these make them.
 */
using Splitter = std::function<SplitIndices(const std::vector<std::filesystem::path>&)>;

/** Holds out int(valid_pct * n) items by `torch::manual_seed(seed); torch::randperm(n)`, as fastai
 * does: the same seed and list give fastai's own split. As in fastai the global torch generator
 * stays seeded, so the head's weights repeat too. Without a seed the split is another one each
 * time. valid_pct   fraction in [0, 1], else UsageError source      fastai 2.7 RandomSplitter
 * (golden splitters, exact)
 */
Splitter random_splitter(double valid_pct = 0.2, std::optional<uint64_t> seed = std::nullopt);

/** By the name of the folder two levels up: ".../train/cat/1.jpg". Items elsewhere are left out.
 *  source  fastai 2.7 GrandparentSplitter
 */
Splitter grandparent_splitter(std::string train_name = "train", std::string valid_name = "valid");

/** By the first folder below `root`: "root/train/..." trains, however deep. Items elsewhere are
 * left out. The torch generator is not touched. */
Splitter folder_splitter(std::filesystem::path root, std::string train_name = "train",
                         std::string valid_name = "valid");

/** These positions are held out; DataError for one that is no item's. source  fastai 2.7
 * IndexSplitter */
Splitter index_splitter(std::vector<int64_t> valid);

/** A short hash of who is held out, the same on every machine: eight hex digits over the split's
 * file names. */
std::string split_hash(const SplitIndices& split, const std::vector<std::filesystem::path>& items,
                       const std::filesystem::path& root);

}  // namespace linnet
