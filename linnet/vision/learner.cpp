#include "linnet/vision/learner.h"

#include "linnet/train/learner_file.h"
#include "linnet/train/learner_options.h"

namespace linnet {

namespace {

Json model_config(const ModelEntry& arch, int64_t n_in, int64_t n_out, const HeadOptions& head) {
  return Json{{"kind", "vision"},
              {"arch", arch.name},
              {"n_in", n_in},
              {"n_out", n_out},
              {"head", to_json(head)}};
}

Stack build(const Json& config) {
  const ModelEntry& arch = registry<ModelEntry>().at(config.at("arch").as_string());
  const auto body = arch.body(config.at("n_in").as_int());
  const auto head =
      create_head(arch.features, config.at("n_out").as_int(), head_from_json(config.at("head")));
  return Stack(body, head);
}

}  // namespace

Learner vision_learner(const DataLoaders& dls, const ModelEntry& arch,
                       const VisionLearnerOptions& options) {
  const int64_t n_out = options.n_out ? *options.n_out : dls.c();
  const Json config = model_config(arch, options.n_in, n_out, options.head);
  auto net = build(config);
  load_pretrained_body(*net[0], arch, options.weights, "vision_learner", *options.reporter);
  const bool normalize = options.normalize && options.weights.pretrained();
  LearnerOptions common = learner_options(options);
  common.splitter = [arch](const torch::nn::Module& module) { return vision_groups(module, arch); };
  Learner learn(normalize ? normalized_for(arch, dls) : dls, net, std::move(common));
  learn.model_config = config;
  learn.set_reporter(*options.reporter);
  if (options.weights.pretrained()) learn.freeze();
  return learn;
}

const Registered<LearnerKind> vision_kind{
    {"vision", [](const Json& config) -> Network { return build(config); }}};

}  // namespace linnet
