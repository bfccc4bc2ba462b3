#include "support/synth_learner.h"

#include "linnet/data/tensor_loader.h"
#include "linnet/io/weights.h"
#include "linnet/nn/losses.h"

namespace linnet::test {

RegModelImpl::RegModelImpl()
    : a(register_parameter("a", torch::full({1}, 0.5))),
      b(register_parameter("b", torch::full({1}, -0.5))) {}

DataLoaders synth_dls(const SynthOptions& options) {
  const auto made = [&](int64_t n, int64_t from) {
    const auto x = torch::linspace(-1, 1, n).unsqueeze(1) + 0.01 * static_cast<double>(from);
    const auto noise = (x * 37 + static_cast<double>(from)).sin();  // not a sample: as good as one
    return std::pair(x, options.a * x + options.b + options.noise * noise);
  };
  const auto [train_x, train_y] = made(options.n_train, 0);
  const auto [valid_x, valid_y] = made(options.n_valid, 1);
  return {std::make_shared<TensorLoader>(
              std::vector{train_x}, std::vector{train_y},
              LoaderOptions{.bs = options.bs, .shuffle = options.shuffle, .drop_last = true}),
          std::make_shared<TensorLoader>(std::vector{valid_x}, std::vector{valid_y},
                                         LoaderOptions{.bs = options.bs})};
}

Learner synth_learner(LearnerOptions options, const SynthOptions& data) {
  if (!options.loss) options.loss = losses::mse();
  return Learner(synth_dls(data), RegModel(), std::move(options));
}

torch::Tensor weights_of(const Learner& learn) {
  std::vector<torch::Tensor> parts;
  for (const auto& [name, tensor] : state_dict_of(learn.network().module()))
    parts.push_back(tensor.detach().to(torch::kDouble).flatten());
  return torch::cat(parts).clone();
}

}  // namespace linnet::test
