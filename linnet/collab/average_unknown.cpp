#include "linnet/collab/average_unknown.h"

#include "linnet/collab/side.h"

namespace linnet {

namespace {

constexpr std::array kSides = {Side::user, Side::item};

}  // namespace

void AverageUnknown::before_fit(Learner& learn) {
  const Dataset& train = learn.dls().train_ds();
  for (size_t side = 0; side < kSides.size(); ++side) {
    const Block& block = learn.dls().pipeline().blocks().at(side);
    auto has_rating = torch::zeros({block->c()}, torch::kBool);
    for (int64_t i = 0; i < train.size(); ++i) {
      const auto& label = std::get<Label>(train[i].at(side));
      has_rating.data_ptr<bool>()[detail::index_of(block, label)] = true;
    }
    has_rating[0] = false;  // #na#, whatever it was called
    rows_[side].known = has_rating.nonzero().squeeze(1).to(learn.device());
    rows_[side].unknown = has_rating.logical_not().nonzero().squeeze(1).to(learn.device());
  }
}

void AverageUnknown::after_train(Learner& learn) {
  const torch::NoGradGuard no_grad;
  for (size_t side = 0; side < kSides.size(); ++side) {
    const Rows& rows = rows_[side];
    if (rows.known.numel() == 0) continue;
    for (torch::Tensor table : detail::embeddings_of(learn, kSides[side])) {
      const auto mean = table.index_select(0, rows.known).mean(0, /*keepdim=*/true);
      table.index_copy_(0, rows.unknown, mean.expand({rows.unknown.numel(), -1}));
    }
  }
}

}  // namespace linnet
