#include "linnet/collab/average_unknown.h"

#include <torch/utils.h>

#include "linnet/collab/side.h"

namespace linnet {

namespace {

constexpr std::array kSides = {Side::user, Side::item};

// By their positions in the side's embeddings: whether there is a training rating.
torch::Tensor have_rating(const Learner& learn, size_t side) {
  const Dataset& train = learn.dls().train_ds();
  const Block& block = learn.dls().pipeline().blocks().at(side);
  auto have = torch::zeros({block->c()}, torch::kBool);
  bool* marks = have.data_ptr<bool>();
  for (int64_t i = 0; i < train.size(); ++i) {
    marks[detail::index_of(block, std::get<Label>(train[i].at(side)))] = true;
  }
  marks[0] = false;  // #na#, whatever it was called
  return have;
}

}  // namespace

void AverageUnknown::before_fit(Learner&) { rows_.reset(); }  // the data may be others

void AverageUnknown::after_train(Learner& learn) {
  const torch::NoGradGuard no_grad;
  if (!rows_) {
    rows_.emplace();
    for (size_t side = 0; side < kSides.size(); ++side) {
      const auto have = have_rating(learn, side);
      (*rows_)[side] = {.known = have.nonzero().squeeze(1).to(learn.device()),
                        .unknown = have.logical_not().nonzero().squeeze(1).to(learn.device())};
    }
  }
  for (size_t side = 0; side < kSides.size(); ++side) {
    const Rows& rows = (*rows_)[side];
    if (rows.known.numel() == 0) continue;
    for (torch::Tensor table : detail::embeddings_of(learn, kSides[side])) {
      const auto mean = table.index_select(0, rows.known).mean(0, /*keepdim=*/true);
      table.index_copy_(0, rows.unknown, mean.expand({rows.unknown.numel(), -1}));
    }
  }
}

}  // namespace linnet
