#include "linnet/train/callbacks/mix_handler.h"

#include <ATen/CPUGeneratorImpl.h>

#include <numeric>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/train/learner.h"

namespace linnet {

namespace {

// One number an item, in the shape that spreads over `like`.
torch::Tensor spread(const torch::Tensor& per_item, const torch::Tensor& like) {
  std::vector<int64_t> shape(static_cast<size_t>(like.dim()), 1);
  shape[0] = -1;
  return per_item.view(shape);
}

// Draws depend on the seed and the place in training alone; the first item tells apart the phases
// of fine_tune, which both begin at epoch 0.
Generator generator(uint64_t seed, const FitState& state) {
  const int64_t first = state.batch.items.empty() ? 0 : state.batch.items[0];
  return Generator({seed, static_cast<uint64_t>(state.epoch), static_cast<uint64_t>(state.iter),
                    static_cast<uint64_t>(first)});
}

}  // namespace

MixHandler::MixHandler(std::string_view where, double alpha, uint64_t seed)
    : alpha_(alpha), seed_(seed) {
  if (!(alpha > 0)) {
    throw UsageError(where, "alpha: got " + std::to_string(alpha) + ", expected more than 0");
  }
}

torch::Tensor MixHandler::draw_beta(int64_t n, Generator& random) const {
  auto generator = at::detail::createCPUGenerator(random.next());
  const auto gamma = at::_standard_gamma(torch::full({2, n}, alpha_, torch::kDouble), generator);
  return (gamma[0] / (gamma[0] + gamma[1])).to(torch::kFloat);
}

torch::Tensor MixHandler::draw_order(int64_t n, Generator& random) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  for (int64_t i = n - 1; i > 0; --i) {
    std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(random.integer(i + 1))]);
  }
  return torch::tensor(order);
}

void MixHandler::before_batch(Learner& learn) {
  FitState& state = learn.state();
  if (state.batch.x.empty() || state.batch.y.empty()) {
    throw UsageError(name(), "got a batch without inputs and targets: nothing to mix");
  }
  const auto& x = state.batch.x[0].data;
  auto& y = state.batch.y[0].data;
  auto random = generator(seed_, state);
  auto drawn = draw(x, random);
  drawn.partner = drawn.partner.to(x.device());
  drawn.lam = drawn.lam.to(x.device());
  mix(state.batch.x, drawn);
  lam_ = drawn.lam;
  partner_target_ = y.index_select(0, drawn.partner);
  if (learn.loss().class_targets()) return;
  if (!y.is_floating_point()) {
    throw UsageError(name(), "the loss '" + std::string(learn.loss().name()) +
                                 "' takes whole numbers as targets, which cannot be mixed. Use a "
                                 "loss for classes, cross_entropy, say.");
  }
  y = torch::lerp(partner_target_, y, spread(lam_, y).to(y.scalar_type()));
  partner_target_ = torch::Tensor();
}

void MixHandler::after_loss(Learner& learn) {
  if (!partner_target_.defined()) return;
  FitState& state = learn.state();
  const int64_t n = state.batch.size();
  const auto losses = [&](const torch::Tensor& target) {
    return learn.loss()(state.pred, target, Reduction::none).view({n, -1});
  };
  const auto own = losses(state.batch.y[0].data);
  const auto mixed =
      torch::lerp(losses(partner_target_), own, spread(lam_, own).to(own.scalar_type()));
  state.loss_grad = learn.loss().default_reduction() == Reduction::sum ? mixed.sum() : mixed.mean();
  state.loss = state.loss_grad.detach().clone();
}

void MixHandler::cleanup(Learner& /*learn*/) noexcept { lam_ = partner_target_ = torch::Tensor(); }

}  // namespace linnet
