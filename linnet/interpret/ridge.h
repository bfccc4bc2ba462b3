#pragma once

#include <torch/types.h>

#include <functional>

namespace linnet::detail {

/** Least squares with a ridge, on standardised inputs. */
class Ridge {
 public:
  /** Fits x float [n, features] to y float [n, outputs]; n above 0.
   *  score   how good outputs [m, outputs] are for targets [m, outputs]: larger is better. Every
   *          fifth item chooses the ridge by it, then all items are fitted. */
  using Score = std::function<double(const torch::Tensor& out, const torch::Tensor& y)>;
  Ridge(const torch::Tensor& x, const torch::Tensor& y, const Score& score);

  /** float [m, features] -> [m, outputs]. */
  torch::Tensor operator()(const torch::Tensor& x) const;
  double ridge() const { return ridge_; }

 private:
  torch::Tensor mean_, scale_;  // [features]
  torch::Tensor weight_;        // [features, outputs]
  torch::Tensor bias_;          // [outputs]
  double ridge_ = 0;
};

}  // namespace linnet::detail
